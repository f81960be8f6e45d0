package io.ait4j.fallback;

import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.ValueMeta;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A graph that libtorch runs, operator by operator. Any number of threads may call {@link #run} at
 * once. The graph's weights are used where they lie, and must outlive the module.
 */
public final class TorchModule implements AutoCloseable {
  private final FxGraph graph;
  private final BlockCode code;
  private final int slots;
  private final IValue none;
  private final List<Pointer> owned = new ArrayList<>();

  /**
   * Loads libtorch, looks up every operator and converts every constant.
   *
   * @throws ModelException (IMPORT) if libtorch lacks an operator, naming it and its place in the
   *     source; (RUN) if libtorch cannot be loaded
   */
  public TorchModule(FxGraph graph) {
    Libtorch.load();
    this.graph = graph;
    // What the constructor makes on the way goes with the scope, what it keeps is retained.
    try (PointerScope scope = new PointerScope();
        InferenceMode mode = new InferenceMode(true)) {
      none = keep(new IValue());
      Assembler assembler = new Assembler(this::keep);
      code = assembler.assemble(graph);
      slots = assembler.slots();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * How many threads one operator may use, for all modules of the process from their next run on;
   * libtorch's own default is the number of cores. Does not load libtorch.
   */
  public static void setThreads(int count) {
    Libtorch.setThreads(count);
  }

  private <P extends Pointer> P keep(P pointer) {
    pointer.retainReference();
    owned.add(pointer);
    return pointer;
  }

  /**
   * Runs the graph. Inputs are read where they lie, with any strides; a number is given as a 0-d
   * tensor.
   *
   * @throws ModelException (USAGE) if an input has another dtype or shape than the graph says;
   *     (RUN) if an operator fails, naming the node, its operator and its place in the source
   */
  public TorchResult run(List<NativeTensor> inputs) {
    Map<String, Long> symbols = check(inputs);
    Libtorch.applyThreads();
    try (PointerScope scope = new PointerScope();
        InferenceMode mode = new InferenceMode(true);
        Frame frame = new Frame(slots, none, symbols)) {
      for (int i = 0; i < inputs.size(); i++) {
        try (Tensor tensor = TensorBridge.toTorch(inputs.get(i));
            IValue value = value(tensor, graph.inputs().get(i).meta())) {
          frame.set(code.inputs()[i], value);
        }
      }
      code.run(frame);
      return result(frame);
    }
  }

  private static IValue value(Tensor tensor, ValueMeta meta) {
    if (!(meta instanceof ValueMeta.Scalar)) {
      return new IValue(tensor);
    }
    try (Scalar number = tensor.item()) {
      return new IValue(number);
    }
  }

  private TorchResult result(Frame frame) {
    List<NativeTensor> outputs = new ArrayList<>();
    List<Tensor> owners = new ArrayList<>();
    long[] copied = new long[1];
    try {
      for (int i = 0; i < code.outputs().size(); i++) {
        int index = i;
        code.outputs()
            .get(i)
            .with(frame, value -> outputs.add(output(index, value, owners, copied)));
      }
    } catch (RuntimeException e) {
      owners.forEach(Tensor::close);
      throw e;
    }
    return new TorchResult(outputs, owners, copied[0]);
  }

  private static NativeTensor output(int index, IValue value, List<Tensor> owners, long[] copied) {
    Tensor tensor;
    if (value.isTensor()) {
      tensor = new Tensor(value.toTensor()); // toTensor() itself points into the value
    } else if (value.isScalar()) {
      try (Scalar number = value.toScalar()) {
        tensor = torch.scalar_to_tensor(number);
      }
    } else {
      try (var kind = value.tagKind()) {
        throw new ModelException(
            ModelException.Kind.RUN,
            "output " + index + " is neither a tensor nor a number but a " + kind.getString());
      }
    }
    Tensor plain = TensorBridge.plain(tensor);
    plain.retainReference();
    owners.add(plain);
    NativeTensor output = TensorBridge.fromTorch(plain);
    if (plain != tensor) {
      copied[0] += output.numel() * output.dtype().bytes();
    }
    return output;
  }

  /** The sizes that the symbols of the graph's inputs stand for. */
  private Map<String, Long> check(List<NativeTensor> inputs) {
    if (inputs.size() != graph.inputs().size()) {
      throw new ModelException(
          ModelException.Kind.USAGE,
          "the graph takes " + graph.inputs().size() + " inputs and got " + inputs.size());
    }
    Map<String, Long> symbols = new HashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      FxValue wanted = graph.inputs().get(i);
      if (wanted.meta() instanceof TensorMeta meta && !matches(meta, inputs.get(i), symbols)) {
        throw new ModelException(
            ModelException.Kind.USAGE,
            "input " + wanted.name() + " is " + inputs.get(i) + " where the graph wants " + meta);
      }
    }
    return symbols;
  }

  private static boolean matches(TensorMeta meta, NativeTensor tensor, Map<String, Long> symbols) {
    if (meta.dtype() != tensor.dtype() || meta.rank() != tensor.sizes().length) {
      return false;
    }
    for (int d = 0; d < meta.rank(); d++) {
      Dim dim = meta.shape().get(d);
      long size = tensor.sizes()[d];
      if (dim.isConst() ? !dim.is(size) : !bind(dim, size, symbols)) {
        return false;
      }
    }
    return true;
  }

  /** A size that is one symbol gives it its value; other expressions are left to the operators. */
  private static boolean bind(Dim dim, long size, Map<String, Long> symbols) {
    for (Dim.Symbol symbol : dim.symbols()) {
      if (dim.equals(Dim.of(symbol))) {
        Long before = symbols.putIfAbsent(symbol.name(), size);
        return size >= symbol.min() && size <= symbol.max() && (before == null || before == size);
      }
    }
    return true;
  }

  /** Frees what the module holds; it must not be running, and cannot run again. */
  @Override
  public void close() {
    owned.forEach(Pointer::close);
    owned.clear();
  }
}
