package io.ait4j.fallback;

import io.ait4j.fx.DType;
import io.ait4j.fx.Device;
import io.ait4j.fx.NativeTensor;
import java.lang.foreign.MemorySegment;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.LongArrayRef;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Tensors seen from the other side, over the same memory. */
final class TensorBridge {
  /** A pointer to memory that JavaCPP does not own. */
  private static final class Address extends Pointer {
    Address(long address) {
      super((Pointer) null);
      this.address = address;
    }
  }

  private TensorBridge() {}

  /** A libtorch tensor over the caller's memory, which must outlive it. */
  static Tensor toTorch(NativeTensor tensor) {
    if (tensor.isOnHeap()) {
      throw new IllegalArgumentException("tensor " + tensor + " is on the Java heap");
    }
    try (TensorOptions type = new TensorOptions(scalarType(tensor.dtype()))) {
      return tensor.device().isCpu()
          ? fromBlob(tensor, type)
          : toTorch(tensor, type, tensor.device());
    }
  }

  private static Tensor toTorch(NativeTensor tensor, TensorOptions type, Device device) {
    try (org.bytedeco.pytorch.Device there = torchDevice(device);
        DeviceOptional where = new DeviceOptional(there);
        TensorOptions options = type.device(where)) {
      return tensor.numel() == 0 // from_blob() asks the driver whose address it is
          ? torch.empty_strided(tensor.sizes(), tensor.strides(), options)
          : fromBlob(tensor, options);
    }
  }

  private static Tensor fromBlob(NativeTensor tensor, TensorOptions options) {
    return torch.from_blob(pointer(tensor), tensor.sizes(), tensor.strides(), options);
  }

  /** Where the tensor lies, as memory that JavaCPP leaves alone. */
  static Pointer pointer(NativeTensor tensor) {
    return new Address(tensor.address());
  }

  static org.bytedeco.pytorch.Device torchDevice(Device device) {
    return new org.bytedeco.pytorch.Device(device.toString());
  }

  /**
   * The memory of a libtorch tensor, which must outlive the result. The tensor must be plain: see
   * {@link #plain}.
   */
  static NativeTensor fromTorch(Tensor tensor) {
    DType dtype = dtype(tensor);
    long[] sizes = new long[(int) tensor.dim()];
    long[] strides = new long[sizes.length];
    if (sizes.length > 0) {
      LongArrayRef all = tensor.sizes();
      LongArrayRef steps = tensor.strides();
      for (int i = 0; i < sizes.length; i++) {
        sizes[i] = all.at(i);
        strides[i] = steps.at(i);
      }
    }
    Pointer data = tensor.const_data_ptr();
    long bytes = NativeTensor.reach(sizes, strides) * dtype.bytes();
    MemorySegment memory =
        data == null || data.isNull()
            ? MemorySegment.NULL
            : MemorySegment.ofAddress(data.address()).reinterpret(bytes);
    return new NativeTensor(dtype, sizes, strides, memory, device(tensor));
  }

  private static Device device(Tensor tensor) {
    if (!tensor.is_cuda()) {
      return Device.CPU;
    }
    try (org.bytedeco.pytorch.Device there = tensor.device()) {
      return Device.cuda(there.index());
    }
  }

  /**
   * A tensor whose memory holds its values: libtorch delays conjugation and negation, which costs a
   * copy here. The same object if that is so already.
   */
  static Tensor plain(Tensor tensor) {
    if (!tensor.is_conj() && !tensor.is_neg()) {
      return tensor;
    }
    try (tensor;
        Tensor conjugated = tensor.resolve_conj()) {
      return conjugated.resolve_neg();
    }
  }

  private static DType dtype(Tensor tensor) {
    int code = tensor.scalar_type().value;
    return DType.ofAten(code)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "element type "
                        + torch.toString(tensor.scalar_type()).getString()
                        + " is unknown here"));
  }

  static ScalarType scalarType(DType dtype) {
    for (ScalarType type : ScalarType.values()) {
      if (type.value == dtype.atenCode()) {
        return type;
      }
    }
    throw new IllegalStateException("libtorch has no type " + dtype.torchName());
  }
}
