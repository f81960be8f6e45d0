package io.ait4j.fallback;

import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeCallback;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorExchange;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.PointerConsumer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.Layout;

/**
 * libtorch's tensors over the same memory as ours, in both directions, on the host and on NVIDIA
 * GPUs. Gradients stay behind.
 *
 * <p>A {@link #view} lives as long as the tensor, which the caller keeps from being closed. What
 * {@link #hand} makes owns the memory: libtorch frees it when the last tensor over it goes, on
 * whichever thread that happens; close the tensor as any other.
 */
public final class TorchTensors implements TensorExchange<Tensor> {
  // libtorch's deleter has nothing to know a memory by but its address.
  private static final Map<Long, Runnable> HANDED = new ConcurrentHashMap<>();

  /** One for all: JavaCPP has room for few. */
  private static final class Deleter extends PointerConsumer {
    private static final Deleter ONLY = new Deleter();

    private Deleter() {
      retainReference(); // whatever scope is open when it is made
    }

    @Override
    public void call(Pointer memory) {
      NativeCallback.run(() -> HANDED.remove(memory.address()).run());
    }
  }

  /**
   * Loads libtorch.
   *
   * @throws ModelException (RUN) if it is not there
   */
  public TorchTensors() {
    Libtorch.load();
  }

  /**
   * {@inheritDoc}
   *
   * @throws ModelException (USAGE) if the tensor is sparse, quantized, of an element type that we
   *     lack, or one whose conjugation or negation libtorch has put off
   */
  @Override
  public NativeTensor view(Tensor tensor) {
    if (!tensor.defined()) {
      throw unusable("is undefined");
    }
    if (tensor.layout().intern() != Layout.Strided || tensor.is_quantized()) {
      throw unusable("is sparse or quantized; pass a dense one");
    }
    if (tensor.is_conj() || tensor.is_neg()) {
      throw unusable(
          "is conjugated or negated in name only; pass tensor.resolve_conj().resolve_neg()");
    }
    if (!tensor.is_cpu() && !tensor.is_cuda()) {
      throw unusable("is neither on the host nor on an NVIDIA GPU; copy it");
    }
    return TensorBridge.fromTorch(tensor);
  }

  /**
   * {@inheritDoc}
   *
   * @throws ModelException (USAGE) if the memory is on the Java heap, or begins where memory does
   *     that libtorch still has
   */
  @Override
  public Tensor hand(NativeTensor tensor, Runnable free) {
    if (tensor.isOnHeap()) {
      throw unusable("would be " + tensor + " on the Java heap; copy it to native memory");
    }
    try (TensorOptions type = new TensorOptions(TensorBridge.scalarType(tensor.dtype()));
        org.bytedeco.pytorch.Device there = TensorBridge.torchDevice(tensor.device());
        DeviceOptional where = new DeviceOptional(there);
        TensorOptions options = type.device(where)) {
      if (tensor.numel() == 0) { // nothing that could be shared
        Tensor empty = torch.empty_strided(tensor.sizes(), tensor.strides(), options);
        NativeCallback.run(free);
        return empty;
      }
      long address = tensor.address();
      Runnable notYet = () -> {}; // if libtorch fails, it may free what it has not given to anyone
      if (HANDED.putIfAbsent(address, notYet) != null) {
        throw unusable("would share its memory with another that was handed over; copy it");
      }
      try {
        Tensor handed =
            torch.from_blob(
                TensorBridge.pointer(tensor),
                tensor.sizes(),
                tensor.strides(),
                Deleter.ONLY,
                options,
                where);
        HANDED.replace(address, free);
        return handed;
      } finally {
        HANDED.remove(address, notYet);
      }
    }
  }

  @Override
  public void release(Tensor tensor) {
    tensor.close();
  }

  private static ModelException unusable(String why) {
    return new ModelException(ModelException.Kind.USAGE, "the libtorch tensor " + why);
  }
}
