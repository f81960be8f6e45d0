package io.ait4j.lower;

import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.cuda.CudaStream;
import io.ait4j.fx.cuda.DeviceTensors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The way between the host and a GPU for one run.
 *
 * @param stream in whose order it happens
 * @param copies counts what takes it
 */
record CudaLink(CudaStream stream, CopyCounter copies) {
  /** Writes a host's tensor to a device's, as {@link DeviceTensors#upload} can. */
  void upload(NativeTensor from, NativeTensor to) {
    DeviceTensors.upload(from, to, stream);
    copies.toDevice(from.numel() * from.dtype().bytes());
  }

  /** Writes a device's tensor, gaps and all, to a host's of the same strides, and waits for it. */
  void downloadAll(NativeTensor from, NativeTensor to) {
    DeviceTensors.download(from, to.data(), stream);
    copies.toHost(from.reachBytes());
  }

  /** Writes a device's tensor to a host's of any strides, and waits for it. */
  void download(NativeTensor from, NativeTensor to) {
    long bytes = from.reachBytes();
    boolean isDense = bytes == from.numel() * from.dtype().bytes();
    if (isDense && Arrays.equals(from.strides(), to.strides())) {
      downloadAll(from, to);
      return;
    }
    try (Arena local = Arena.ofConfined()) {
      MemorySegment all = local.allocate(Math.max(1, bytes), 64);
      DeviceTensors.download(from, all, stream);
      Tensors.assign(new NativeTensor(from.dtype(), from.sizes(), from.strides(), all), to);
    }
    copies.toHost(bytes);
  }
}
