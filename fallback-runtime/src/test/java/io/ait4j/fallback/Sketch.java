package io.ait4j.fallback;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.ValueMeta;
import io.ait4j.fx.Weight;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Graphs drawn by hand. An argument that is a String names a value; numbers are constants. */
final class Sketch {
  static final ValueMeta TENSOR = new ValueMeta.Opaque("Tensor");
  static final ValueMeta INT = new ValueMeta.Scalar(DType.INT64);
  static final ValueMeta BOOL = new ValueMeta.Scalar(DType.BOOL);

  private final List<FxValue> inputs = new ArrayList<>();
  private final List<FxValue> attributes = new ArrayList<>();
  private final Map<String, Weight> weights = new LinkedHashMap<>();
  private final List<FxNode> nodes = new ArrayList<>();

  Sketch input(String name, ValueMeta meta) {
    inputs.add(new FxValue(name, meta));
    return this;
  }

  Sketch input(String name, long... sizes) {
    return input(name, TensorMeta.contiguous(DType.FLOAT32, sizes));
  }

  Sketch weight(String name, NativeTensor data) {
    attributes.add(new FxValue(name, data.meta()));
    weights.put(name, new Weight("model." + name, data.meta(), data.data()));
    return this;
  }

  Sketch op(String result, String target, Object... args) {
    return op(List.of(result), TENSOR, target, List.of(), args);
  }

  Sketch scalar(String result, ValueMeta meta, String target, Object... args) {
    return op(List.of(result), meta, target, List.of(), args);
  }

  Sketch op(
      List<String> results, ValueMeta meta, String target, List<FxGraph> blocks, Object... args) {
    nodes.add(
        new FxNode(
            results.isEmpty() ? "node" + nodes.size() : results.getFirst(),
            OpTarget.parse(target),
            args(args),
            results.stream().map(name -> new FxValue(name, meta)).toList(),
            blocks,
            "model.py:" + (nodes.size() + 10)));
    return this;
  }

  FxGraph returning(Object... outputs) {
    return new FxGraph(inputs, attributes, nodes, args(outputs), weights);
  }

  static List<Arg> args(Object... values) {
    return Arrays.stream(values).map(Sketch::arg).toList();
  }

  private static Arg arg(Object value) {
    return switch (value) {
      case String name -> new Arg.Value(name);
      case Integer n -> new Arg.Int(n);
      case Double x -> new Arg.Float(x);
      case Boolean b -> new Arg.Bool(b);
      case List<?> list -> new Arg.Sequence(args(list.toArray()));
      case Arg arg -> arg;
      default -> throw new IllegalArgumentException(value.toString());
    };
  }

  static NativeTensor floats(long[] sizes, float... values) {
    MemorySegment data = Arena.ofAuto().allocate(Math.max(4, 4L * values.length), 64);
    MemorySegment.copy(values, 0, data, ValueLayout.JAVA_FLOAT, 0, values.length);
    return NativeTensor.contiguous(DType.FLOAT32, sizes, data);
  }

  /** The elements in row-major order of the logical shape. */
  static float[] floats(NativeTensor tensor) {
    float[] values = new float[(int) tensor.numel()];
    for (int i = 0; i < values.length; i++) {
      long rest = i;
      long offset = 0;
      for (int d = tensor.sizes().length - 1; d >= 0; d--) {
        offset += rest % tensor.sizes()[d] * tensor.strides()[d];
        rest /= tensor.sizes()[d];
      }
      values[i] = tensor.data().getAtIndex(ValueLayout.JAVA_FLOAT, offset);
    }
    return values;
  }
}
