package io.ait4j.fx.cuda;

import java.util.concurrent.atomic.AtomicBoolean;

/** A mark in a stream: a moment to wait for, or to measure from. */
public final class CudaEvent implements AutoCloseable {
  private final CudaDevice device;
  private final long handle;
  private final AtomicBoolean closed = new AtomicBoolean();

  private CudaEvent(CudaDevice device, boolean timed) {
    this.device = device;
    device.makeCurrent();
    this.handle = device.driver().createEvent(timed);
  }

  /** An event to wait for. */
  public static CudaEvent untimed(CudaDevice device) {
    return new CudaEvent(device, false);
  }

  /** An event that knows when it happened. */
  public static CudaEvent timed(CudaDevice device) {
    return new CudaEvent(device, true);
  }

  long handle() {
    return handle;
  }

  /** Waits until it has happened; at once if it was never recorded. */
  public void synchronize() {
    device.makeCurrent();
    device.driver().synchronizeEvent(handle);
  }

  /** Milliseconds of the GPU's clock from another event to this one; both timed, both happened. */
  public double millisSince(CudaEvent begin) {
    device.makeCurrent();
    return device.driver().elapsedMillis(begin.handle, handle);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      device.makeCurrent();
      device.driver().destroyEvent(handle);
    }
  }
}
