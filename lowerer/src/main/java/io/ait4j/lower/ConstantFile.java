package io.ait4j.lower;

import io.ait4j.fx.ModelException;
import io.ait4j.fx.NamelessFile;
import io.ait4j.fx.WholeFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Memory for folded constants in a file without a name, so that they need not stay resident until
 * the artifact is written. Small ones are kept in memory.
 */
public final class ConstantFile implements SegmentAllocator, AutoCloseable {
  private static final int PAGE = 4096;
  private static final int CHUNK = 1 << 20;
  private static final long SMALL = 1 << 16;

  private final Path folder;
  private final FileChannel channel;
  private final Arena arena = Arena.ofShared();
  private final ByteBuffer zeros = ByteBuffer.allocateDirect(CHUNK);
  private long size;

  private ConstantFile(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /**
   * Makes one in {@code folder}.
   *
   * @throws ModelException (IO) if nothing can be written there
   */
  public static ConstantFile in(Path folder) {
    try {
      return new ConstantFile(folder, NamelessFile.in(folder));
    } catch (IOException e) {
      throw cannot(folder, e);
    }
  }

  /**
   * Zeroed memory, aligned to a page at least.
   *
   * @throws ModelException (IO) if the disk is full
   */
  @Override
  public MemorySegment allocate(long bytes, long alignment) {
    if (alignment > PAGE) {
      throw new IllegalArgumentException("alignment " + alignment + " is beyond a page");
    }
    if (bytes < SMALL) {
      return arena.allocate(bytes, alignment);
    }
    try {
      // The room is taken now: memory mapped from a full disk would kill the process when written.
      for (long at = 0; at < bytes; at += zeros.capacity()) {
        zeros.clear().limit((int) Math.min(zeros.capacity(), bytes - at));
        while (zeros.hasRemaining()) {
          channel.write(zeros, size + at + zeros.position());
        }
      }
      MemorySegment segment = channel.map(FileChannel.MapMode.READ_WRITE, size, bytes, arena);
      size = Math.ceilDiv(size + bytes, (long) PAGE) * PAGE;
      return segment;
    } catch (IOException e) {
      throw cannot(folder, e);
    }
  }

  private static ModelException cannot(Path folder, IOException e) {
    return new ModelException(
        ModelException.Kind.IO,
        "no room for the folded constants in " + folder + ": " + WholeFile.reason(e),
        e);
  }

  @Override
  public void close() {
    arena.close();
    try {
      channel.close();
    } catch (IOException e) {
      throw cannot(folder, e);
    }
  }
}
