package io.ait4j.fx.cuda;

import io.ait4j.fx.ModelException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Copies between any memory of the host and a device, through a few buffers that the device reads
 * and writes by itself while this process fills or empties another one.
 */
final class Staging {
  private static final long BUFFER_BYTES = 4 << 20;
  private static final int BUFFERS = 4;

  /**
   * @param done happens when the device needs the memory no longer
   */
  private record Buffer(MemorySegment memory, CudaEvent done) {}

  /** A piece that the device is writing. */
  private record Landing(Buffer buffer, MemorySegment to) {}

  private final CudaDevice device;
  private final LinkedBlockingQueue<Buffer> idle = new LinkedBlockingQueue<>();
  private int made;

  Staging(CudaDevice device) {
    this.device = device;
  }

  /** Enqueues a copy to the device; the host's memory may change as soon as this returns. */
  void upload(MemorySegment from, long to, CudaStream stream) {
    for (long at = 0; at < from.byteSize(); at += BUFFER_BYTES) {
      long bytes = Math.min(BUFFER_BYTES, from.byteSize() - at);
      Buffer buffer = take(true);
      try {
        MemorySegment.copy(from, at, buffer.memory, 0, bytes);
        device.driver().copyToDevice(buffer.memory.address(), to + at, bytes, stream.handle());
        stream.record(buffer.done);
      } finally {
        idle.add(buffer);
      }
    }
  }

  /** Copies to the host what the device has when the stream comes to it, and waits for that. */
  void download(long from, MemorySegment to, CudaStream stream) {
    ArrayDeque<Landing> landings = new ArrayDeque<>();
    try {
      for (long at = 0; at < to.byteSize(); at += BUFFER_BYTES) {
        long bytes = Math.min(BUFFER_BYTES, to.byteSize() - at);
        Buffer buffer = landings.size() < 2 ? take(landings.isEmpty()) : null;
        while (buffer == null) { // whoever waits for a buffer holds none
          land(landings);
          buffer = take(landings.isEmpty());
        }
        landings.add(new Landing(buffer, to.asSlice(at, bytes)));
        device.driver().copyToHost(from + at, buffer.memory.address(), bytes, stream.handle());
        stream.record(buffer.done);
      }
      while (!landings.isEmpty()) {
        land(landings);
      }
    } finally {
      landings.forEach(landing -> idle.add(landing.buffer));
    }
  }

  private void land(ArrayDeque<Landing> landings) {
    Landing landing = landings.getFirst();
    landing.buffer.done.synchronize();
    MemorySegment.copy(landing.buffer.memory, 0, landing.to, 0, landing.to.byteSize());
    landings.removeFirst();
    idle.add(landing.buffer);
  }

  /** A buffer that nobody uses; null if there is none and the caller would not wait. */
  private Buffer take(boolean waits) {
    device.makeCurrent();
    Buffer buffer = made();
    if (buffer == null) {
      buffer = idle.poll();
    }
    if (buffer == null && waits) {
      buffer = await();
    }
    if (buffer != null) {
      try {
        buffer.done.synchronize();
      } catch (ModelException e) {
        idle.add(buffer);
        throw e;
      }
    }
    return buffer;
  }

  private Buffer await() {
    try {
      return idle.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw DriverFailure.run("interrupted while it waited for a copy to " + device.device());
    }
  }

  /** A new one, as long as there are few. */
  private synchronized Buffer made() {
    if (made == BUFFERS) {
      return null;
    }
    long address = device.driver().allocatePinned(BUFFER_BYTES);
    if (address == 0) {
      throw DriverFailure.run(
          "no %d bytes of page-locked memory for copies to %s; see ulimit -l and what memory is left"
              .formatted(BUFFER_BYTES, device.device()));
    }
    made++;
    return new Buffer(
        MemorySegment.ofAddress(address).reinterpret(BUFFER_BYTES), CudaEvent.untimed(device));
  }
}
