package io.ait4j.lower;

import io.ait4j.fx.ModelException;
import io.ait4j.fx.cuda.CudaDevice;
import io.ait4j.fx.cuda.CudaStream;
import java.util.concurrent.ConcurrentLinkedDeque;

/** The GPU that a module runs on: streams for runs that bring none, and what crosses to it. */
final class Gpu implements AutoCloseable {
  private final CudaDevice device;
  private final CopyCounter copies = new CopyCounter();
  private final ConcurrentLinkedDeque<CudaStream> idle = new ConcurrentLinkedDeque<>();

  Gpu(CudaDevice device) {
    this.device = device;
  }

  CudaDevice device() {
    return device;
  }

  HostDeviceCopies copies() {
    return copies.sum();
  }

  CudaLink link(CudaStream stream) {
    return new CudaLink(stream, copies);
  }

  /** A stream of the module's own, for one run at a time. */
  CudaStream take() {
    CudaStream stream = idle.pollFirst();
    return stream != null ? stream : device.stream();
  }

  /** Takes a stream back whose work is done. */
  void give(CudaStream stream) {
    idle.addFirst(stream);
  }

  /** Waits for all work; a failure of it has been told, or is told by who asks for results. */
  void finish() {
    try {
      device.synchronize();
    } catch (ModelException e) {
      // nothing runs any more
    }
  }

  @Override
  public void close() {
    for (CudaStream stream = idle.poll(); stream != null; stream = idle.poll()) {
      try {
        stream.close();
      } catch (ModelException e) {
        // a lost context has no streams
      }
    }
  }
}
