package io.ait4j.lower;

import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.cuda.CudaStream;

/**
 * Where a run happens.
 *
 * @param work where partitions run and intermediate tensors are
 * @param host for numbers and for what comes back
 * @param results one of the two: where the caller wants what it gets
 * @param stream in whose order work happens; null on the CPU
 * @param waits whether a run ends when its work is done, not when it is enqueued
 */
record Place(Memory work, Memory host, Memory results, CudaStream stream, boolean waits) {
  /** The CPU. */
  static final Place HOST =
      new Place(HostMemory.ALONE, HostMemory.ALONE, HostMemory.ALONE, null, false);

  /** A GPU, the results on the host. */
  static Place andBack(CudaLink link) {
    HostMemory host = new HostMemory(link);
    return new Place(new DeviceMemory(link), host, host, link.stream(), true);
  }

  /** A GPU, the results too. */
  static Place onDevice(CudaLink link, boolean waits) {
    DeviceMemory work = new DeviceMemory(link);
    return new Place(work, new HostMemory(link), work, link.stream(), waits);
  }

  boolean isHost() {
    return stream == null;
  }

  /** The stream's number for native code; none on the CPU. */
  long streamHandle() {
    return stream == null ? 0 : stream.handle();
  }

  /** Waits for what is under way. */
  void finish() {
    if (stream != null) {
      stream.synchronize();
    }
  }

  /** The memory that a tensor is in. */
  Memory of(NativeTensor tensor) {
    return tensor.device().isCpu() ? host : work;
  }
}
