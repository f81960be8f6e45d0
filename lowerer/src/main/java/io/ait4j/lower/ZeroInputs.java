package io.ait4j.lower;

import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.Guard;
import io.ait4j.fx.LikelySizes;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.ValueMeta;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** Inputs of zeros that a module can take. */
final class ZeroInputs {
  private ZeroInputs() {}

  /**
   * @throws ModelException (USAGE) if neither likely nor the smallest sizes are allowed, or an
   *     input is neither a tensor nor a number
   */
  static List<NativeTensor> of(ModuleInterface face, Arena arena) {
    Map<String, Long> likely = sizes(face, LikelySizes::of);
    Map<String, Long> symbols = isAllowed(face, likely) ? likely : sizes(face, Dim.Symbol::min);
    for (Guard guard : face.guards()) {
      guard.check(symbols);
    }
    return face.inputs().stream().map(input -> zeros(input, symbols, arena)).toList();
  }

  private static Map<String, Long> sizes(ModuleInterface face, ToLongFunction<Dim.Symbol> size) {
    Map<String, Long> sizes = new HashMap<>();
    for (Dim.Symbol symbol : new InputCheck(face).binding().symbols()) {
      sizes.put(symbol.name(), size.applyAsLong(symbol));
    }
    return sizes;
  }

  private static boolean isAllowed(ModuleInterface face, Map<String, Long> sizes) {
    return face.guards().stream().allMatch(guard -> guard.holds(sizes));
  }

  private static NativeTensor zeros(FxValue input, Map<String, Long> symbols, Arena arena) {
    return switch (input.meta()) {
      case TensorMeta type -> zeros(type.dtype(), type.sizes(symbols), arena);
      case ValueMeta.Scalar(DType dtype) -> zeros(dtype, new long[0], arena);
      case ValueMeta other ->
          throw new ModelException(
              ModelException.Kind.USAGE,
              "input '%s' is %s, for which there is no zero; warm up by running inputs of yours"
                  .formatted(input.name(), other));
    };
  }

  private static NativeTensor zeros(DType dtype, long[] sizes, Arena arena) {
    long[] strides = NativeTensor.contiguousStrides(sizes);
    long bytes = Math.multiplyExact(NativeTensor.reach(sizes, strides), (long) dtype.bytes());
    return NativeTensor.contiguous(dtype, sizes, arena.allocate(Math.max(1, bytes), 64));
  }
}
