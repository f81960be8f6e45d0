package io.ait4j.compiler.convert;

import io.ait4j.compiler.build.CudaTarget;
import io.ait4j.compiler.build.Target;
import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.DataIndex;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.Operand;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Strides;
import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The program under construction while a graph's nodes are converted one after another. */
final class ProgramBuilder {
  private final Map<String, Buffer> buffers = new LinkedHashMap<>();
  private final Map<String, String> bufferOfValue = new HashMap<>();
  private final Map<String, TensorMeta> metas = new HashMap<>();
  private final List<Kernel> kernels = new ArrayList<>();
  private final List<Dim.Symbol> symbols;
  private final boolean forGpus;
  private int names;
  private int workspaces; // named apart, so that all else is named as on CPUs
  private Dim flops = Dim.ZERO;

  /**
   * @param symbols of the graph, in the order in which a run gets their values
   * @param target that the program is for
   */
  ProgramBuilder(List<Dim.Symbol> symbols, Target target) {
    this.symbols = symbols;
    forGpus = target instanceof CudaTarget;
  }

  boolean isForGpus() {
    return forGpus;
  }

  void input(FxValue value) {
    bind(value, Buffer.of("in" + names++, ElementStrides.of(value.tensor()), Buffer.Role.INPUT));
  }

  void weight(FxValue value) {
    bind(value, Buffer.of("w" + names++, value.tensor(), Buffer.Role.WEIGHT));
  }

  private void bind(FxValue value, Buffer buffer) {
    buffers.put(buffer.name(), buffer);
    bufferOfValue.put(value.name(), buffer.name());
    metas.put(value.name(), value.tensor());
  }

  TensorMeta meta(String value) {
    TensorMeta meta = metas.get(value);
    if (meta == null) {
      throw new UnsupportedNodeException("value %" + value + " is not a tensor of known shape");
    }
    return meta;
  }

  String bufferOf(String value) {
    return bufferOfValue.get(value);
  }

  /** The buffer of a result, made at the first call. */
  String define(FxValue value) {
    if (!bufferOfValue.containsKey(value.name())) {
      bind(value, Buffer.temp("t" + names++, value.tensor().dtype(), value.tensor().shape()));
    }
    return bufferOfValue.get(value.name());
  }

  Buffer temp(DType dtype, List<Dim> shape) {
    Buffer buffer = Buffer.temp("t" + names++, dtype, shape);
    buffers.put(buffer.name(), buffer);
    return buffer;
  }

  Buffer workspace(DType dtype, Dim elements) {
    Buffer buffer = Buffer.temp("workspace" + workspaces++, dtype, List.of(elements));
    buffers.put(buffer.name(), buffer);
    return buffer;
  }

  /** Whether an operand can be read in place through strides. */
  boolean isStrided(Operand operand) {
    return operand.value() instanceof Expr.Load load
        && load.bindings().isEmpty()
        && Strides.of(buffers.get(load.buffer()), operand.axes(), load.index()).isPresent();
  }

  Dim.Symbol axis(Dim extent) {
    return symbol("i" + names++, extent);
  }

  /** An index into {@code extent} that data tells {@code operator}. */
  Dim.Symbol dataIndex(Dim extent, String operator) {
    return symbol(DataIndex.name(operator, names++), extent);
  }

  private static Dim.Symbol symbol(String name, Dim extent) {
    long max = extent.max();
    return new Dim.Symbol(
        SymbolTable.OWN + name,
        0,
        max == Dim.UNBOUNDED ? Dim.UNBOUNDED : Math.max(0, max - 1),
        extent);
  }

  String kernelName(String stem) {
    return stem + names++;
  }

  void add(Kernel kernel) {
    kernels.add(kernel);
  }

  void countFlops(Dim count) {
    flops = flops.plus(count);
  }

  Dim flops() {
    return flops;
  }

  /**
   * @param check sees each kernel of the node, and throws if the target cannot run it
   */
  void convert(FxNode node, Converter converter, Consumer<Kernel> check) {
    int before = kernels.size();
    converter.convert(new Conversion(this, node));
    kernels.subList(before, kernels.size()).forEach(check);
    for (FxValue result : node.results()) {
      if (!bufferOfValue.containsKey(result.name())) {
        throw new IllegalStateException(
            "converter of " + node.target() + " did not define %" + result.name());
      }
    }
  }

  /** Makes each output a buffer of its own, in the strides that its readers expect. */
  Program build(FxGraph graph) {
    List<String> outputs = new ArrayList<>();
    for (Arg output : graph.outputs()) {
      if (!(output instanceof Arg.Value value)) {
        throw new UnsupportedNodeException("output " + output + " is not a tensor");
      }
      Buffer source = buffers.get(bufferOfValue.get(value.name()));
      Buffer target =
          Buffer.of(
              "out" + names++,
              ElementStrides.of(withoutOverlap(meta(value.name()))),
              Buffer.Role.OUTPUT);
      buffers.put(target.name(), target);
      List<Dim.Symbol> axes = source.shape().stream().map(this::axis).toList();
      kernels.add(Copies.copy(kernelName("loop"), source, target.name(), axes));
      outputs.add(target.name());
    }
    List<String> inputs = graph.inputs().stream().map(v -> bufferOfValue.get(v.name())).toList();
    return new Program(buffers, kernels, inputs, outputs, symbols);
  }

  /** An expanded tensor is written in full: one element cannot hold several. */
  private static TensorMeta withoutOverlap(TensorMeta meta) {
    for (int d = 0; d < meta.rank(); d++) {
      if (meta.strides().get(d).is(0) && !meta.shape().get(d).is(1)) {
        return TensorMeta.contiguous(meta.dtype(), meta.shape());
      }
    }
    return meta;
  }

  /** Names of the weights' buffers, by the value that is bound to each. */
  Map<String, String> weightBuffers(FxGraph graph) {
    Map<String, String> names = new LinkedHashMap<>();
    graph.attributes().forEach(v -> names.put(v.name(), bufferOfValue.get(v.name())));
    return names;
  }
}
