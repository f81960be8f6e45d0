package io.ait4j.fx.cuda;

import io.ait4j.fx.ModelException;

/**
 * Work of a GPU that is done in order. Safe for use from several threads, whose work it takes as it
 * comes.
 */
public final class CudaStream implements AutoCloseable {
  /**
   * The driver's stream that waits for every other blocking one; memory can always be freed on it.
   */
  private static final long LEGACY = 1;

  private final CudaDevice device;
  private final long handle;
  private final boolean owned;
  private volatile boolean closed;

  CudaStream(CudaDevice device, long handle, boolean owned) {
    this.device = device;
    this.handle = handle;
    this.owned = owned;
  }

  /**
   * A stream that something else made and destroys, a {@code CUstream} or {@code cudaStream_t}. It
   * must outlive every tensor that is made with it.
   */
  public static CudaStream of(CudaDevice device, long handle) {
    return new CudaStream(device, handle, false);
  }

  /** Whose work it orders. */
  public CudaDevice device() {
    return device;
  }

  /**
   * The driver's {@code CUstream}, which is also the runtime's {@code cudaStream_t}.
   *
   * @throws IllegalStateException if the stream is closed, as everything that enqueues does
   */
  public long handle() {
    if (closed) {
      throw new IllegalStateException("the stream is closed");
    }
    return handle;
  }

  /**
   * Waits until everything enqueued so far is done.
   *
   * @throws ModelException (RUN) if any of it failed
   */
  public void synchronize() {
    if (!closed) { // closing has waited
      device.makeCurrent();
      device.driver().synchronize(handle);
    }
  }

  /** Marks what is enqueued so far. */
  public void record(CudaEvent event) {
    device.makeCurrent();
    device.driver().record(event.handle(), handle());
  }

  /** Lets what is enqueued from now on wait for an event, of any stream. */
  public void await(CudaEvent event) {
    device.makeCurrent();
    device.driver().await(handle(), event.handle());
  }

  /**
   * Memory, of undefined content, for work that is enqueued from now on.
   *
   * @return its address on the device, aligned to 256 bytes at least
   * @throws ModelException (RUN) if there is not enough
   */
  public long allocate(long bytes) {
    return device.allocate(bytes, handle());
  }

  /**
   * Frees memory, of whichever stream, once what is enqueued so far is done; work on other streams
   * must not use it any more.
   */
  public synchronized void free(long address) {
    device.makeCurrent();
    device.driver().free(address, closed ? LEGACY : handle);
  }

  /** Waits for its work. Tensors made with it stay as they are. */
  @Override
  public synchronized void close() {
    if (owned && !closed) {
      closed = true;
      device.makeCurrent();
      try {
        device.driver().synchronize(handle);
      } finally {
        device.driver().destroyStream(handle);
      }
    }
  }
}
