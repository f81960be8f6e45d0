package io.ait4j.fallback;

import io.ait4j.fx.Device;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.InputBinding;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.ValueMeta;
import java.util.ArrayList;
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
  private final TorchDevice device;
  private final List<NativeTensor> weights;
  private final InputBinding binding;
  private final BlockCode code;
  private final int slots;
  private final IValue none;
  private final List<Pointer> owned = new ArrayList<>();

  /** A module on the CPU. */
  public TorchModule(FxGraph graph) {
    this(graph, Device.CPU);
  }

  /**
   * Loads libtorch, looks up every operator and converts every constant. Weights are copied to a
   * GPU once; devices that the graph names mean {@code device}.
   *
   * @throws ModelException (IMPORT) if libtorch lacks an operator, naming it and its place in the
   *     source; (RUN) if libtorch cannot be loaded, or is not built for the device
   */
  public TorchModule(FxGraph graph, Device device) {
    this.device = TorchDevice.of(device);
    this.graph = graph;
    this.binding = new InputBinding(graph.inputs());
    // What the constructor makes on the way goes with the scope, what it keeps is retained.
    try (PointerScope scope = new PointerScope();
        InferenceMode mode = new InferenceMode(true)) {
      none = keep(new IValue());
      Assembler assembler = new Assembler(this.device, this::keep);
      code = assembler.assemble(graph);
      weights = List.copyOf(assembler.weights());
      slots = assembler.slots();
      this.device.finish();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Loads libtorch, which unpacks it where JavaCPP keeps native libraries.
   *
   * @throws ModelException (RUN) if it is not there or cannot be loaded
   */
  public static void loadLibtorch() {
    Libtorch.load();
  }

  /**
   * How many threads one operator may use, for all modules of the process from their next run on;
   * libtorch's own default is the number of cores. Does not load libtorch.
   */
  public static void setThreads(int count) {
    Libtorch.setThreads(count);
  }

  /**
   * How many threads one operator may use on the calling thread, as libtorch says itself: what
   * {@link #setThreads} said before the last run here. Loads libtorch.
   */
  public static int threads() {
    return Libtorch.threads();
  }

  private <P extends Pointer> P keep(P pointer) {
    pointer.retainReference();
    owned.add(pointer);
    return pointer;
  }

  /** The graph's weights where they lie on the device; outputs may be views of them. */
  public List<NativeTensor> weights() {
    return weights;
  }

  /** Runs on the CPU: {@link #run(List, Map, long)} without a stream. */
  public TorchResult run(List<NativeTensor> inputs, Map<String, Long> symbols) {
    return run(inputs, symbols, 0);
  }

  /**
   * Runs the graph. Inputs are read where they lie, with any strides; a number is given as a 0-d
   * tensor, on the host so that nothing has to wait for it.
   *
   * @param symbols values of symbols that the inputs' sizes need not show: a part of a graph may
   *     depend on sizes that only another part sees
   * @param stream of the GPU, in whose order all of it happens, the freeing of the outputs too; not
   *     waited for
   * @throws ModelException (USAGE) if an input has another dtype or shape than the graph says;
   *     (RUN) if an operator fails, naming the node, its operator and its place in the source
   */
  public TorchResult run(List<NativeTensor> inputs, Map<String, Long> symbols, long stream) {
    Map<String, Long> sizes = binding.bind(inputs, symbols);
    Libtorch.applyThreads();
    try (PointerScope scope = new PointerScope();
        TorchDevice.Guard order = device.on(stream);
        InferenceMode mode = new InferenceMode(true);
        Frame frame = new Frame(slots, none, sizes)) {
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

  /** Runs a graph whose symbols all follow from its inputs' sizes. */
  public TorchResult run(List<NativeTensor> inputs) {
    return run(inputs, Map.of());
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

  /** Frees what the module holds; it must not be running, and cannot run again. */
  @Override
  public void close() {
    owned.forEach(Pointer::close);
    owned.clear();
  }
}
