package io.ait4j.fallback;

import io.ait4j.fx.Device;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TupleElements;
import org.bytedeco.pytorch.global.torch;

/**
 * A TorchScript file in libtorch's own interpreter, with its inputs in place: the peer that
 * compiled models are timed beside. For one thread at a time.
 */
public final class ScriptModule implements AutoCloseable {
  /** How far libtorch rewrites the module beforehand. */
  public enum Preparation {
    AS_SAVED,
    FROZEN,
    OPTIMIZED_FOR_INFERENCE;

    /** In words. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  private final TorchDevice device;
  private final PointerScope scope;
  private final JitModule module;
  private final IValueVector inputs;

  /**
   * Loads {@code file} and libtorch. How many threads it uses {@link TorchModule#setThreads} says.
   *
   * @param inputs are copied
   * @param where it runs; devices that the file names stay as they are
   * @throws ModelException (IMPORT) if libtorch cannot read the file; (RUN) if libtorch cannot be
   *     loaded, or is not built for the device
   */
  public ScriptModule(Path file, List<NativeTensor> inputs, Preparation preparation, Device where) {
    device = TorchDevice.of(where);
    scope = new PointerScope();
    try (var inference = new InferenceMode(true)) {
      this.inputs = new IValueVector();
      for (NativeTensor input : inputs) {
        this.inputs.push_back(new IValue(device.place(TensorBridge.toTorch(input).clone())));
      }
      JitModule saved = torch.load(file.toString());
      saved.eval();
      saved.to(TensorBridge.torchDevice(where));
      module =
          switch (preparation) {
            case AS_SAVED -> saved;
            case FROZEN -> torch.freeze(saved);
            case OPTIMIZED_FOR_INFERENCE -> torch.optimize_for_inference(saved);
          };
      scope.extend(); // the module and the inputs stay; calls open scopes of their own
    } catch (RuntimeException e) {
      throw new ModelException(
          ModelException.Kind.IMPORT,
          "libtorch cannot load %s %s: %s".formatted(file, preparation, Libtorch.firstLine(e)),
          e);
    } finally {
      scope.close();
    }
  }

  /** Writes an input anew, which the model may have written to; same dtype and shape as before. */
  public void set(int input, NativeTensor value) {
    try (var call = new PointerScope();
        var inference = new InferenceMode(true)) {
      inputs.get(input).toTensor().copy_(TensorBridge.toTorch(value));
    }
  }

  /**
   * One inference, its outputs discarded; on a GPU, once it is done there.
   *
   * @throws ModelException (RUN) if libtorch fails
   */
  public void run() {
    try (var call = new PointerScope();
        var inference = new InferenceMode(true)) {
      forward();
      if (!device.device().isCpu()) {
        torch.cuda_synchronize();
      }
    }
  }

  /**
   * One inference.
   *
   * @return the tensors, on the host, those of tuples and lists in order
   * @throws ModelException (RUN) if libtorch fails, or the model returns something else
   */
  public TorchResult outputs() {
    List<Tensor> owners = new ArrayList<>();
    try (var call = new PointerScope();
        var inference = new InferenceMode(true)) {
      collect(forward(), owners);
      return new TorchResult(owners.stream().map(TensorBridge::fromTorch).toList(), owners, 0);
    }
  }

  private IValue forward() {
    Libtorch.applyThreads();
    try {
      return module.forward(inputs);
    } catch (RuntimeException e) {
      throw new ModelException(
          ModelException.Kind.RUN, "libtorch's interpreter: " + Libtorch.firstLine(e), e);
    }
  }

  private static void collect(IValue value, List<Tensor> into) {
    if (value.isTensor()) {
      Tensor plain = TensorBridge.plain(new Tensor(value.toTensor())).cpu();
      plain.retainReference();
      into.add(plain);
    } else if (value.isTuple()) {
      TupleElements elements = value.toTuple().elements();
      for (long i = 0; i < elements.size(); i++) {
        collect(elements.get(i), into);
      }
    } else if (value.isTensorList()) {
      var list = value.toTensorVector();
      for (long i = 0; i < list.size(); i++) {
        collect(new IValue(list.get(i)), into);
      }
    } else {
      throw new ModelException(
          ModelException.Kind.RUN,
          "the TorchScript model returns something else than tensors and tuples of them");
    }
  }

  @Override
  public void close() {
    scope.close();
  }
}
