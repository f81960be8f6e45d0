package io.ait4j.web.infer;

import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.ValueMeta;
import io.ait4j.lower.LoweredModule;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Inputs for trying a model out, of moderate sizes. */
final class RandomInputs {
  private static final long MODERATE = 16;

  private final LoweredModule module;
  private final Map<String, Long> sizes = new HashMap<>();

  RandomInputs(LoweredModule module) {
    this.module = module;
    for (Dim.Symbol symbol : module.symbols()) {
      sizes.put(symbol.name(), Math.clamp(MODERATE, symbol.min(), symbol.max()));
    }
  }

  RandomInputs with(Dim.Symbol symbol, long size) {
    sizes.put(symbol.name(), size);
    return this;
  }

  /**
   * @throws ModelException (USAGE) if an input is neither a tensor nor a number
   */
  List<NativeTensor> draw(SplittableRandom random, Arena arena) {
    List<NativeTensor> drawn = new ArrayList<>();
    for (FxValue input : module.inputs()) {
      drawn.add(
          switch (input.meta()) {
            case TensorMeta type -> draw(type.dtype(), type.sizes(sizes), random, arena);
            case ValueMeta.Scalar(DType dtype) -> draw(dtype, new long[0], random, arena);
            case ValueMeta other ->
                throw new ModelException(
                    ModelException.Kind.USAGE, "input '" + input.name() + "' is " + other);
          });
    }
    return drawn;
  }

  private static NativeTensor draw(
      DType dtype, long[] sizes, SplittableRandom random, Arena arena) {
    long count = Arrays.stream(sizes).reduce(1, Math::multiplyExact);
    MemorySegment data =
        arena.allocate(Math.max(1, Math.multiplyExact(count, (long) dtype.bytes())), 64);
    for (long i = 0; i < count; i++) {
      set(data, dtype, i, random);
    }
    return NativeTensor.contiguous(dtype, sizes, data);
  }

  /** Integers may be indices: 0 and 1 are rarely out of range. */
  private static void set(MemorySegment data, DType dtype, long i, SplittableRandom random) {
    double real = random.nextDouble(-1, 1);
    long bit = random.nextInt(2);
    switch (dtype) {
      case FLOAT64 -> data.setAtIndex(ValueLayout.JAVA_DOUBLE, i, real);
      case FLOAT32 -> data.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) real);
      case FLOAT16 ->
          data.setAtIndex(ValueLayout.JAVA_SHORT, i, Float.floatToFloat16((float) real));
      case BFLOAT16 ->
          data.setAtIndex(
              ValueLayout.JAVA_SHORT,
              i,
              (short) (Float.floatToIntBits((float) real) >> Short.SIZE));
      default -> data.set(ValueLayout.JAVA_BYTE, i * dtype.bytes(), (byte) bit); // little-endian
    }
  }
}
