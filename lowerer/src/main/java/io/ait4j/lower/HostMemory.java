package io.ait4j.lower;

import io.ait4j.fx.ArenaMemory;
import io.ait4j.fx.DType;
import io.ait4j.fx.Device;
import io.ait4j.fx.NativeHeap;
import io.ait4j.fx.NativeTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The host's memory, of its heap: it need not be zeroed, and comes back to the next run without a
 * fault on each page.
 *
 * @param link to the GPU of this run; null if it has none
 */
record HostMemory(CudaLink link) implements Memory {
  /** Without a GPU. */
  static final HostMemory ALONE = new HostMemory(null);

  @Override
  public Device device() {
    return Device.CPU;
  }

  @Override
  public Held own(DType dtype, long[] sizes, long[] strides) {
    NativeTensor tensor = Tensors.allocate(dtype, sizes, strides, NativeHeap::allocate);
    return new Held(tensor, new Owner(() -> NativeHeap.free(tensor.data())), true);
  }

  @Override
  public NativeTensor inArena(DType dtype, long[] sizes, long[] strides, Arena arena) {
    return Tensors.allocate(dtype, sizes, strides, bytes -> inArena(bytes, arena));
  }

  private static MemorySegment inArena(long bytes, Arena arena) {
    MemorySegment data = NativeHeap.allocate(bytes);
    return ArenaMemory.of(data.address(), Math.max(1, bytes), arena, () -> NativeHeap.free(data));
  }

  @Override
  public void fill(NativeTensor from, NativeTensor to) {
    if (!from.device().isCpu() && Arrays.equals(from.strides(), to.strides())) {
      link.downloadAll(from, to);
    } else {
      assign(from, to);
    }
  }

  @Override
  public void assign(NativeTensor from, NativeTensor to) {
    if (from.device().isCpu()) {
      Tensors.assign(from, to);
    } else {
      link.download(from, to);
    }
  }
}
