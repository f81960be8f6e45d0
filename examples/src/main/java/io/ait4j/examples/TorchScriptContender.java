package io.ait4j.examples;

import io.ait4j.fx.DType;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TupleElements;
import org.bytedeco.pytorch.global.torch;

/** {@code model.pt} in libtorch's TorchScript interpreter, without gradients. */
final class TorchScriptContender implements Contender {
  /** How far libtorch may rewrite the module beforehand. */
  enum Preparation {
    AS_SAVED,
    FROZEN,
    OPTIMIZED_FOR_INFERENCE
  }

  private final Preparation preparation;
  private final PointerScope scope = new PointerScope();
  private final JitModule module;
  private final IValueVector inputs = new IValueVector();

  TorchScriptContender(
      Path model, List<NativeTensor> inputs, int threads, Preparation preparation) {
    this.preparation = preparation;
    torch.set_num_threads(threads);
    JitModule saved;
    try {
      saved = torch.load(model.toString());
    } catch (RuntimeException e) {
      throw new ModelException(
          ModelException.Kind.IMPORT, model + " is no TorchScript model: " + e.getMessage(), e);
    }
    saved.eval();
    try (var inference = new InferenceMode()) {
      module =
          switch (preparation) {
            case AS_SAVED -> saved;
            case FROZEN -> torch.freeze(saved);
            case OPTIMIZED_FOR_INFERENCE -> torch.optimize_for_inference(saved);
          };
      for (NativeTensor input : inputs) {
        this.inputs.push_back(new IValue(tensor(input)));
      }
    }
    scope.extend(); // the module and the inputs stay; calls open scopes of their own
  }

  @Override
  public String name() {
    return "libtorch " + preparation.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  @Override
  public void run() {
    try (var call = new PointerScope();
        var inference = new InferenceMode()) {
      module.forward(inputs);
    }
  }

  @Override
  public List<NativeTensor> outputs(Arena arena) {
    try (var call = new PointerScope();
        var inference = new InferenceMode()) {
      List<NativeTensor> found = new ArrayList<>();
      collect(module.forward(inputs), arena, found);
      return found;
    }
  }

  @Override
  public void close() {
    scope.close();
  }

  private static Tensor tensor(NativeTensor input) {
    byte dtype = (byte) input.dtype().atenCode();
    return torch
        .from_blob(
            pointer(input.data()),
            input.sizes(),
            input.strides(),
            new TensorOptions(torch.ScalarType.values()[dtype]))
        .clone();
  }

  private static void collect(IValue value, Arena arena, List<NativeTensor> into) {
    if (value.isTensor()) {
      into.add(copy(value.toTensor().contiguous(), arena));
    } else if (value.isTuple()) {
      TupleElements elements = value.toTuple().elements();
      for (long i = 0; i < elements.size(); i++) {
        collect(elements.get(i), arena, into);
      }
    } else {
      throw new ModelException(
          ModelException.Kind.RUN, "the TorchScript model returns neither tensors nor a tuple");
    }
  }

  private static NativeTensor copy(Tensor tensor, Arena arena) {
    DType dtype = DType.ofAten(tensor.scalar_type().value).orElseThrow();
    MemorySegment data = arena.allocate(tensor.nbytes(), 64);
    data.copyFrom(
        MemorySegment.ofAddress(tensor.data_ptr().address()).reinterpret(tensor.nbytes()));
    return NativeTensor.contiguous(dtype, tensor.sizes().vec().get(), data);
  }

  private static Pointer pointer(MemorySegment segment) {
    return new Pointer() {
      {
        address = segment.address();
      }
    };
  }
}
