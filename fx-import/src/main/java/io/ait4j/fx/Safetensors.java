package io.ait4j.fx;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A safetensors file: named tensors in row-major order behind a JSON header.
 *
 * @param tensors by name, in the header's order; views of the mapped file, readable while the arena
 *     given to {@link #read} is open
 * @param metadata the header's {@code __metadata__}
 */
public record Safetensors(Map<String, NativeTensor> tensors, Map<String, String> metadata) {
  public Safetensors {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /**
   * Maps {@code file}; only a tensor whose place in the file is not aligned to its element size is
   * copied.
   *
   * @param arena how long the tensors live
   * @throws ModelException (IMPORT) if the file cannot be read, or breaks the format anywhere:
   *     header, types, shapes, ranges that overlap or leave gaps, a size that does not fit
   */
  public static Safetensors read(Path file, Arena arena) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      SafetensorsHeader header = SafetensorsHeader.parse(mapped);
      Map<String, NativeTensor> tensors = new LinkedHashMap<>();
      for (SafetensorsHeader.Entry entry : header.entries()) {
        MemorySegment data =
            mapped.asSlice(header.dataStart() + entry.begin(), entry.end() - entry.begin());
        tensors.put(
            entry.name(),
            NativeTensor.contiguous(
                entry.dtype(), entry.shape(), aligned(data, entry.dtype().bytes(), arena)));
      }
      return new Safetensors(tensors, header.metadata());
    } catch (SafetensorsHeader.Corrupt e) {
      throw new ModelException(
          ModelException.Kind.IMPORT,
          file + " is not a valid safetensors file: " + e.getMessage() + "; write it anew",
          e);
    } catch (NoSuchFileException e) {
      throw new ModelException(ModelException.Kind.IMPORT, file + ": no such file", e);
    } catch (IOException e) {
      throw new ModelException(
          ModelException.Kind.IMPORT, file + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static MemorySegment aligned(MemorySegment data, int alignment, Arena arena) {
    if (data.address() % alignment == 0) {
      return data;
    }
    return arena.allocate(data.byteSize(), alignment).copyFrom(data).asReadOnly();
  }

  /**
   * Writes {@code file}, which appears whole or not at all. Tensors of any strides are written
   * row-major, ordered by element size so that each is aligned.
   *
   * @throws ModelException (USAGE) if the format has no name for a tensor's type, (IO) if the file
   *     cannot be written
   */
  public static void write(
      Path file, Map<String, NativeTensor> tensors, Map<String, String> metadata) {
    List<Map.Entry<String, NativeTensor>> ordered =
        tensors.entrySet().stream()
            .sorted((a, b) -> b.getValue().dtype().bytes() - a.getValue().dtype().bytes())
            .toList();
    byte[] header = SafetensorsHeader.text(ordered, metadata);
    WholeFile.write(file, part -> fill(part, header, ordered));
  }

  private static void fill(Path part, byte[] header, List<Map.Entry<String, NativeTensor>> tensors)
      throws IOException {
    long size = header.length;
    for (Map.Entry<String, NativeTensor> entry : tensors) {
      size += entry.getValue().numel() * entry.getValue().dtype().bytes();
    }
    try (FileChannel channel =
            FileChannel.open(part, StandardOpenOption.READ, StandardOpenOption.WRITE);
        Arena arena = Arena.ofConfined()) {
      MemorySegment out = channel.map(FileChannel.MapMode.READ_WRITE, 0, size, arena);
      MemorySegment.copy(MemorySegment.ofArray(header), 0, out, 0, header.length);
      long at = header.length;
      for (Map.Entry<String, NativeTensor> entry : tensors) {
        NativeTensor tensor = entry.getValue();
        long bytes = tensor.numel() * tensor.dtype().bytes();
        RowMajorCopy.copy(tensor, out.asSlice(at, bytes));
        at += bytes;
      }
      out.force();
    }
  }
}
