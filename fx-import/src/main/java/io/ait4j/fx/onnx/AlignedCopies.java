package io.ait4j.fx.onnx;

import io.ait4j.fx.ModelException;
import io.ait4j.fx.NamelessFile;
import io.ait4j.fx.WholeFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Tensors that lie misaligned in their file: protobuf aligns nothing, and native code wants
 * elements at multiples of their size. Large ones are moved by the kernel to a file that has no
 * name any more and are mapped from there, so that their memory can be let go of like that of any
 * mapped weight; small ones, and all where no such file can be made, get memory of their own.
 */
final class AlignedCopies implements AutoCloseable {
  private static final long SMALL = 1 << 16;
  private static final long PLACE = 64;

  private final Arena arena;
  private FileChannel file;
  private boolean isUseless;
  private long end;

  AlignedCopies(Arena arena) {
    this.arena = arena;
  }

  /** Reads past any mapping of the source, whose pages would stay resident beside the copy. */
  MemorySegment copy(FileChannel source, long offset, long bytes, int alignment) {
    try {
      if (bytes >= SMALL && open()) {
        return moved(source, offset, bytes);
      }
      return read(source, offset, bytes, alignment);
    } catch (IOException e) {
      throw new ModelException(
          ModelException.Kind.IMPORT,
          "the model's weights cannot be read: " + WholeFile.reason(e),
          e);
    }
  }

  private boolean open() {
    if (file == null && !isUseless) {
      try {
        file = NamelessFile.in(Path.of(System.getProperty("java.io.tmpdir")));
      } catch (IOException e) {
        isUseless = true;
      }
    }
    return file != null && !isUseless;
  }

  private MemorySegment moved(FileChannel source, long offset, long bytes) throws IOException {
    try {
      file.position(end);
      for (long done = 0; done < bytes; ) {
        long moved = source.transferTo(offset + done, bytes - done, file);
        if (moved <= 0) {
          throw new IOException("it ends at byte " + (offset + done));
        }
        done += moved;
      }
    } catch (IOException e) {
      isUseless = true;
      return read(source, offset, bytes, (int) PLACE);
    }
    MemorySegment copy = file.map(FileChannel.MapMode.READ_ONLY, end, bytes, arena);
    end = (end + bytes + PLACE - 1) / PLACE * PLACE;
    return copy;
  }

  private MemorySegment read(FileChannel source, long offset, long bytes, int alignment)
      throws IOException {
    MemorySegment copy = arena.allocate(bytes, alignment);
    for (long done = 0; done < bytes; ) {
      long length = Math.min(bytes - done, Integer.MAX_VALUE);
      ByteBuffer part = copy.asSlice(done, length).asByteBuffer();
      int read = source.read(part, offset + done);
      if (read < 0) {
        throw new IOException("it ends at byte " + (offset + done));
      }
      done += read;
    }
    return copy.asReadOnly();
  }

  @Override
  public void close() {
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
