package io.ait4j.web.infer;

import io.ait4j.fx.ModelException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Memory that the server and a worker see both: none at first, as only the worker knows how much a
 * model needs. It stays mapped as long as somebody holds it, whoever closes it meanwhile.
 */
final class SharedArea implements AutoCloseable {
  private final Arena arena = Arena.ofShared();
  private final AtomicInteger holders = new AtomicInteger(1);
  private final MemoryFile file = new MemoryFile();
  private MemorySegment memory = MemorySegment.NULL;

  /**
   * Gives it its size, once.
   *
   * @throws ModelException (IO) if there is not that much memory
   */
  synchronized void allocate(long bytes) {
    requireOpen();
    file.allocate(bytes);
    memory = map(file.path(), arena);
  }

  /** What another process allocated, for the rest of this one's life. */
  static MemorySegment open(Path path) {
    return map(path, Arena.global());
  }

  private static MemorySegment map(Path path, Arena arena) {
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size(), arena);
    } catch (IOException e) {
      throw new ModelException(
          ModelException.Kind.IO, "memory to share with a worker cannot be mapped: " + e, e);
    }
  }

  /** What a worker opens before it is confined. */
  synchronized Path path() {
    requireOpen();
    return file.path();
  }

  /** A descriptor that was closed may be another file's by now. */
  private void requireOpen() {
    if (holders.get() < 1) {
      throw new IllegalStateException("the area is closed");
    }
  }

  long bytes() {
    return memory.byteSize();
  }

  MemorySegment at(long offset, long bytes) {
    return memory.asSlice(offset, bytes);
  }

  /** Keeps it mapped until {@link #close} is called once more. */
  SharedArea hold() {
    if (holders.getAndUpdate(count -> count < 1 ? count : count + 1) < 1) {
      throw new IllegalStateException("the area is closed");
    }
    return this;
  }

  @Override
  public synchronized void close() {
    if (holders.decrementAndGet() == 0) {
      arena.close();
      file.close();
    }
  }
}
