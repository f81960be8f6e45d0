package io.ait4j.fx.cuda;

import io.ait4j.fx.DType;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.RowMajorCopy;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Comparator;

/** Tensors in a GPU's memory, and copies between there and the host. */
public final class DeviceTensors {
  private DeviceTensors() {}

  /**
   * A tensor of undefined content.
   *
   * @param arena frees it, in the stream's order; other streams must be done with it then
   * @throws io.ait4j.fx.ModelException (RUN) if the device has not enough memory
   */
  public static NativeTensor allocate(
      DType dtype, long[] sizes, long[] strides, CudaStream stream, Arena arena) {
    long bytes = Math.multiplyExact(NativeTensor.reach(sizes, strides), (long) dtype.bytes());
    long address = stream.allocate(bytes);
    MemorySegment data;
    try {
      data = MemorySegment.ofAddress(address).reinterpret(0, arena, closed -> stream.free(address));
    } catch (RuntimeException e) { // the arena is closed, or another thread's
      stream.free(address);
      throw e;
    }
    return new NativeTensor(dtype, sizes, strides, data, stream.device().device());
  }

  /** A tensor over memory that the caller frees, {@link CudaStream#allocate}'s for example. */
  public static NativeTensor at(
      long address, DType dtype, long[] sizes, long[] strides, CudaDevice device) {
    return new NativeTensor(
        dtype, sizes, strides, MemorySegment.ofAddress(address), device.device());
  }

  /**
   * A copy of a host's tensor: of the same strides if those leave no gaps, else row-major. The
   * host's may change as soon as this returns, and the copy is there for what is enqueued next.
   *
   * @param arena frees it, in the stream's order
   * @throws io.ait4j.fx.ModelException (RUN) if the device has not enough memory
   */
  public static NativeTensor toDevice(NativeTensor host, CudaStream stream, Arena arena) {
    NativeTensor copy = allocate(host.dtype(), host.sizes(), layout(host), stream, arena);
    upload(host, copy, stream);
    return copy;
  }

  /** Strides that {@link #upload} can write a host's tensor with. */
  public static long[] layout(NativeTensor host) {
    return isDense(host) ? host.strides() : NativeTensor.contiguousStrides(host.sizes());
  }

  /**
   * Writes a host's tensor to a device's of the same sizes, in the stream's order.
   *
   * @param to its strides are {@link #layout}'s
   */
  public static void upload(NativeTensor host, NativeTensor to, CudaStream stream) {
    long bytes = host.numel() * host.dtype().bytes();
    if (bytes == 0) {
      return;
    }
    if (Arrays.equals(host.strides(), to.strides()) && isDense(host)) {
      stream.device().staging().upload(host.data().asSlice(0, bytes), to.address(), stream);
      return;
    }
    if (!to.isContiguous()) {
      throw new IllegalArgumentException(host + " cannot be written as " + to);
    }
    try (Arena local = Arena.ofConfined()) {
      MemorySegment rowMajor = local.allocate(bytes, 8);
      RowMajorCopy.copy(host, rowMajor);
      stream.device().staging().upload(rowMajor, to.address(), stream);
    }
  }

  /**
   * A copy on the host, of the same strides. Waits until the stream has come to it.
   *
   * @param arena what the copy lives in
   * @throws io.ait4j.fx.ModelException (RUN) if work before it failed
   */
  public static NativeTensor toHost(NativeTensor tensor, CudaStream stream, Arena arena) {
    MemorySegment data = arena.allocate(Math.max(1, tensor.reachBytes()), 64);
    download(tensor, data, stream);
    return new NativeTensor(tensor.dtype(), tensor.sizes(), tensor.strides(), data);
  }

  /** Copies a tensor's memory, all that its strides reach, to the host, and waits for that. */
  public static void download(NativeTensor tensor, MemorySegment to, CudaStream stream) {
    stream
        .device()
        .staging()
        .download(tensor.address(), to.asSlice(0, tensor.reachBytes()), stream);
  }

  /**
   * Enqueues a copy within the device, between any strides.
   *
   * @param to of the same sizes; no two of its elements share memory
   */
  public static void copy(NativeTensor from, NativeTensor to, CudaStream stream) {
    StridedCopy.copy(from, to, stream);
  }

  /** Whether the elements lie side by side, in whichever order, each in a place of its own. */
  private static boolean isDense(NativeTensor tensor) {
    Integer[] order = new Integer[tensor.sizes().length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingLong(i -> tensor.strides()[i]));
    long step = 1;
    for (int dim : order) {
      if (tensor.sizes()[dim] != 1) {
        if (tensor.strides()[dim] != step) {
          return tensor.numel() == 0;
        }
        step *= tensor.sizes()[dim];
      }
    }
    return true;
  }
}
