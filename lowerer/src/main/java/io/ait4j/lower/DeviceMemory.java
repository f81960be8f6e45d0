package io.ait4j.lower;

import io.ait4j.fx.DType;
import io.ait4j.fx.Device;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.cuda.CudaStream;
import io.ait4j.fx.cuda.DeviceTensors;
import java.lang.foreign.Arena;
import java.util.Arrays;

/** A GPU's memory in the order of a run's stream. */
record DeviceMemory(CudaLink link) implements Memory {
  @Override
  public Device device() {
    return link.stream().device().device();
  }

  @Override
  public Held own(DType dtype, long[] sizes, long[] strides) {
    CudaStream stream = link.stream();
    long bytes = Math.multiplyExact(NativeTensor.reach(sizes, strides), (long) dtype.bytes());
    long address = stream.allocate(bytes);
    return new Held(
        DeviceTensors.at(address, dtype, sizes, strides, stream.device()),
        new Owner(() -> stream.free(address)),
        true);
  }

  @Override
  public NativeTensor inArena(DType dtype, long[] sizes, long[] strides, Arena arena) {
    return DeviceTensors.allocate(dtype, sizes, strides, link.stream(), arena);
  }

  /** What comes from the host comes without gaps. */
  @Override
  public long[] layout(NativeTensor from) {
    return from.device().isCpu() ? DeviceTensors.layout(from) : Memory.super.layout(from);
  }

  @Override
  public void fill(NativeTensor from, NativeTensor to) {
    if (!from.device().isCpu() && Arrays.equals(from.strides(), to.strides())) {
      DeviceTensors.copy(bytes(from), bytes(to), link.stream());
    } else {
      assign(from, to);
    }
  }

  /** All that the strides reach. */
  private NativeTensor bytes(NativeTensor tensor) {
    long[] size = {tensor.reachBytes()};
    return DeviceTensors.at(
        tensor.address(), DType.UINT8, size, new long[] {1}, link.stream().device());
  }

  @Override
  public void assign(NativeTensor from, NativeTensor to) {
    if (!from.device().isCpu()) {
      DeviceTensors.copy(from, to, link.stream());
    } else if (Arrays.equals(DeviceTensors.layout(from), to.strides())) {
      link.upload(from, to);
    } else {
      Held brought = own(from.dtype(), from.sizes(), DeviceTensors.layout(from));
      try {
        link.upload(from, brought.tensor());
        DeviceTensors.copy(brought.tensor(), to, link.stream());
      } finally {
        brought.owner().release();
      }
    }
  }
}
