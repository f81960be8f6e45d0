package io.ait4j.fx.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.TorchOracle;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * Runs a graph in libtorch, node by node, and holds each value's recorded type against the tensor
 * that libtorch makes.
 */
final class GraphRun {
  /** An output, its elements row-major. */
  record Result(TensorMeta meta, double[] values) {}

  private GraphRun() {}

  static List<Result> of(FxGraph graph, List<NativeTensor> inputs) {
    Map<String, Long> symbols = new HashMap<>();
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      Map<String, Tensor> values = new HashMap<>();
      for (int i = 0; i < inputs.size(); i++) {
        FxValue input = graph.inputs().get(i);
        values.put(input.name(), tensor(inputs.get(i)));
        bind(input.tensor(), inputs.get(i).sizes(), symbols);
      }
      graph
          .weights()
          .forEach((name, weight) -> values.put(name, tensor(weight.meta(), weight.data())));
      run(graph, symbols, values);
      List<Result> outputs = new ArrayList<>();
      for (Arg output : graph.outputs()) {
        outputs.add(result(values.get(((Arg.Value) output).name())));
      }
      return outputs;
    }
  }

  private static void run(FxGraph graph, Map<String, Long> symbols, Map<String, Tensor> values) {
    for (FxNode node : graph.nodes()) {
      if (node.target().name().equals("Bool")) {
        values.put(node.result().name(), values.get(((Arg.Value) node.args().getFirst()).name()));
        continue;
      }
      List<Arg> args = node.args().stream().map(a -> constant(a, symbols)).toList();
      List<Tensor> results =
          node.blocks().isEmpty()
              ? TorchOracle.run(node.target(), args, values)
              : taken(node, symbols, values);
      for (int i = 0; i < node.results().size(); i++) {
        FxValue value = node.results().get(i);
        TensorMeta meta = constant(value.tensor(), symbols);
        TensorMeta real = TorchOracle.meta(results.get(i));
        assertThat(TorchOracle.sameType(meta, real))
            .as("%s%n  yields %s of strides %s", node, real, real.strides())
            .isTrue();
        values.put(value.name(), results.get(i));
      }
    }
  }

  /** The results of the branch that the condition takes. */
  private static List<Tensor> taken(
      FxNode branch, Map<String, Long> symbols, Map<String, Tensor> values) {
    String condition = ((Arg.Value) branch.args().getFirst()).name();
    FxGraph block = branch.blocks().get(values.get(condition).item_bool() ? 0 : 1);
    run(block, symbols, values);
    return block.outputs().stream().map(o -> values.get(((Arg.Value) o).name())).toList();
  }

  private static void bind(TensorMeta meta, long[] sizes, Map<String, Long> symbols) {
    for (int d = 0; d < sizes.length; d++) {
      Dim dim = meta.shape().get(d);
      long size = sizes[d];
      dim.symbols().forEach(s -> symbols.putIfAbsent(s.name(), size));
      assertThat(dim.evaluate(symbols)).isEqualTo(size);
    }
  }

  private static TensorMeta constant(TensorMeta meta, Map<String, Long> symbols) {
    return new TensorMeta(
        meta.dtype(),
        meta.shape().stream().map(d -> Dim.of(d.evaluate(symbols))).toList(),
        meta.strides().stream().map(d -> Dim.of(d.evaluate(symbols))).toList());
  }

  private static Arg constant(Arg arg, Map<String, Long> symbols) {
    return switch (arg) {
      case Arg.SymInt(Dim dim) -> new Arg.Int(dim.evaluate(symbols));
      case Arg.Sequence s ->
          new Arg.Sequence(s.elements().stream().map(e -> constant(e, symbols)).toList());
      case Arg other -> other;
    };
  }

  private static Tensor tensor(NativeTensor content) {
    return tensor(content.meta(), content.data());
  }

  private static Tensor tensor(TensorMeta meta, MemorySegment content) {
    Pointer data =
        new Pointer((Pointer) null) {
          {
            address = content.address();
          }
        };
    long[] strides = meta.strides().stream().mapToLong(Dim::value).toArray();
    TensorOptions options = new TensorOptions(TorchOracle.scalarType(meta.dtype()));
    return meta.numel().is(0)
        ? torch.empty(meta.sizes(), options, null)
        : torch.from_blob(data, meta.sizes(), strides, options);
  }

  private static Result result(Tensor tensor) {
    Tensor rowMajor = tensor.contiguous();
    TensorMeta meta = TorchOracle.meta(rowMajor);
    double[] values = new double[(int) meta.numel().value()];
    DType dtype = meta.dtype();
    if (values.length == 0) {
      return new Result(meta, values);
    }
    MemorySegment data =
        MemorySegment.ofAddress(rowMajor.data_ptr().address())
            .reinterpret((long) values.length * dtype.bytes());
    Arrays.setAll(values, i -> Values.get(dtype, data, i));
    return new Result(meta, values);
  }
}
