package io.ait4j.lower;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.Weight;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Builds small graphs over float32 tensors of one shape. */
final class TinyGraph {
  static final long[] SHAPE = {3, 4};
  static final TensorMeta TYPE = TensorMeta.contiguous(DType.FLOAT32, SHAPE);

  private final List<FxNode> nodes = new ArrayList<>();
  private final Map<String, Weight> weights = new LinkedHashMap<>();
  private final List<FxValue> inputs = new ArrayList<>();

  /** An input; a graph without any takes x. */
  TinyGraph input(String name, TensorMeta type) {
    inputs.add(new FxValue(name, type));
    return this;
  }

  TinyGraph weight(String name, float... values) {
    return weight(name, TYPE, values);
  }

  /** One whose elements lie in memory as {@code type} has them. */
  TinyGraph weight(String name, TensorMeta type, float... values) {
    weights.put(name, new Weight("module." + name, type, floats(values).data()));
    return this;
  }

  TinyGraph op(String result, String op, String... args) {
    return op(result, TYPE, op, Arrays.stream(args).map(Arg.Value::new).toArray(Arg[]::new));
  }

  TinyGraph op(String result, TensorMeta type, String op, Arg... args) {
    nodes.add(
        new FxNode(
            result,
            OpTarget.parse("aten::" + op),
            List.of(args),
            List.of(new FxValue(result, type)),
            "tiny.py:" + (nodes.size() + 1)));
    return this;
  }

  FxGraph returns(String... outputs) {
    return new FxGraph(
        inputs.isEmpty() ? List.of(new FxValue("x", TYPE)) : inputs,
        weights.entrySet().stream()
            .map(weight -> new FxValue(weight.getKey(), weight.getValue().meta()))
            .toList(),
        nodes,
        Arrays.stream(outputs).map(name -> (Arg) new Arg.Value(name)).toList(),
        weights);
  }

  static NativeTensor floats(float... values) {
    return NativeTensor.contiguous(
        DType.FLOAT32, SHAPE, Arena.ofAuto().allocateFrom(ValueLayout.JAVA_FLOAT, values));
  }

  /** Twelve numbers from {@code first} on. */
  static NativeTensor ramp(float first) {
    float[] values = new float[12];
    for (int i = 0; i < values.length; i++) {
      values[i] = first + i;
    }
    return floats(values);
  }

  static float[] read(NativeTensor tensor) {
    return Tensors.copy(
            new NativeTensor(tensor.dtype(), tensor.sizes(), tensor.strides(), tensor.data()),
            Arena.ofAuto()::allocate)
        .data()
        .asSlice(0, 4 * tensor.numel())
        .toArray(ValueLayout.JAVA_FLOAT);
  }
}
