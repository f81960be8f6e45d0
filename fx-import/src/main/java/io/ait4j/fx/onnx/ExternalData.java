package io.ait4j.fx.onnx;

import io.ait4j.fx.ModelException;
import io.ait4j.fx.WholeFile;
import io.ait4j.fx.onnx.proto.PropertyMessage;
import io.ait4j.fx.onnx.proto.TensorMessage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * The files beside a model that hold tensors. Only files in the model's folder, or below it, are
 * opened: a model must not be able to name others.
 */
final class ExternalData implements AutoCloseable {
  private record Opened(FileChannel channel, MemorySegment mapped) {}

  private final Path model;
  private final Arena arena;
  private final AlignedCopies copies;
  private final Map<Path, Opened> files = new HashMap<>();

  ExternalData(Path model, Arena arena, AlignedCopies copies) {
    this.model = model;
    this.arena = arena;
    this.copies = copies;
  }

  /**
   * Where a tensor's bytes lie.
   *
   * @param bytes how many its type needs
   * @throws ModelException (IMPORT) naming the tensor if the place is not within an allowed file
   */
  StoredTensor.Source find(TensorMessage message, String name, long bytes) {
    Map<String, String> entries = new HashMap<>();
    for (PropertyMessage entry : message.getExternalDataList()) {
      entries.put(entry.getKey(), entry.getValue());
    }
    String location = entries.get("location");
    if (location == null || location.isEmpty()) {
      throw OnnxTensors.invalid(name, "it lies in another file, but does not say in which");
    }
    Path file = resolve(location, name);
    long offset = number(entries, "offset", 0, name);
    long length = number(entries, "length", bytes, name);
    if (length != bytes) {
      throw OnnxTensors.invalid(
          name,
          "its type needs " + bytes + " bytes, but it has " + length + " in '" + location + "'");
    }
    long size = open(file, name).mapped.byteSize();
    if (offset > size || length > size - offset) {
      throw OnnxTensors.invalid(
          name,
          "it lies at bytes %d to %d of '%s', which has %d"
              .formatted(offset, offset + length, location, size));
    }
    return new StoredTensor.Source.Outside(file, offset);
  }

  /** A tensor's bytes, aligned. */
  MemorySegment data(Path file, long offset, long bytes, int alignment) {
    Opened opened = files.get(file);
    MemorySegment data = opened.mapped.asSlice(offset, bytes);
    return data.address() % alignment == 0
        ? data
        : copies.copy(opened.channel, offset, bytes, alignment);
  }

  private Path resolve(String location, String name) {
    try {
      Path folder = model.toAbsolutePath().getParent();
      Path relative = Path.of(location);
      Path file = folder.resolve(relative).normalize();
      if (relative.isAbsolute() || !file.startsWith(folder.normalize())) {
        throw OnnxTensors.invalid(
            name, "it lies in '" + location + "', which is outside the model's folder");
      }
      if (!Files.isRegularFile(file)) {
        throw new ModelException(
            ModelException.Kind.IMPORT,
            "tensor '%s' lies in '%s', which is not there; put it beside the model"
                .formatted(name, location));
      }
      if (!file.toRealPath().startsWith(folder.toRealPath())) {
        throw OnnxTensors.invalid(
            name,
            "it lies in '"
                + location
                + "', a link that leads outside the model's folder; copy the file itself beside the model");
      }
      return file;
    } catch (InvalidPathException e) {
      throw OnnxTensors.invalid(name, "it lies in a file of no valid name");
    } catch (IOException e) {
      throw unreadable(location, name, e);
    }
  }

  private Opened open(Path file, String name) {
    Opened known = files.get(file);
    if (known != null) {
      return known;
    }
    try {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      Opened opened =
          new Opened(channel, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
      files.put(file, opened);
      return opened;
    } catch (IOException e) {
      throw unreadable(file.getFileName().toString(), name, e);
    }
  }

  private static ModelException unreadable(String location, String name, IOException e) {
    return new ModelException(
        ModelException.Kind.IMPORT,
        "tensor '%s' lies in '%s', which cannot be read: %s"
            .formatted(name, location, WholeFile.reason(e)),
        e);
  }

  private static long number(Map<String, String> entries, String key, long otherwise, String name) {
    String text = entries.get(key);
    if (text == null) {
      return otherwise;
    }
    try {
      long value = Long.parseLong(text);
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      // refused below, as negative numbers are
    }
    throw OnnxTensors.invalid(name, key + " '" + text + "' of its external data is no size");
  }

  @Override
  public void close() {
    for (Opened opened : files.values()) {
      try {
        opened.channel.close();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }
}
