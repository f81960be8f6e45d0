package io.ait4j.fx.export;

import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.Weight;
import io.ait4j.fx.archive.ZipArchive;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/** Whole storages, each an entry of the archive; several weights may be views of one. */
final class StorageEntries {
  private final ZipArchive zip;
  private final Map<String, MemorySegment> mapped = new LinkedHashMap<>();

  StorageEntries(ZipArchive zip) {
    this.zip = zip;
  }

  Set<String> used() {
    return Collections.unmodifiableSet(mapped.keySet());
  }

  /**
   * A view of the storage in {@code entry}.
   *
   * @throws ModelException (IMPORT) if the storage does not hold all of it
   */
  Weight weight(String path, TensorType type, String entry) {
    if (type.dtype() == null) {
      throw bad(path, "its element type " + type.dtypeName() + " is not supported");
    }
    if (!type.layout().equals("strided")) {
      throw bad(
          path, "it is a tensor of layout " + type.layout() + ", and only dense ones are read");
    }
    long[] sizes = known(path, type.sizes());
    long[] strides = known(path, type.strides());
    long offset = known(path, List.of(type.storageOffset()))[0];
    boolean isEmpty = LongStream.of(sizes).anyMatch(size -> size == 0);
    MemorySegment storage =
        isEmpty ? MemorySegment.NULL : mapped.computeIfAbsent(entry, zip::storage);
    try {
      NativeTensor view = NativeTensor.view(storage, type.dtype(), sizes, strides, offset);
      return new Weight(path, view.meta(), view.data());
    } catch (IllegalArgumentException e) {
      throw bad(path, e.getMessage());
    }
  }

  private long[] known(String path, List<Size> sizes) {
    return sizes.stream()
        .mapToLong(
            size -> {
              if (size instanceof Size.Known(long value) && value >= 0) {
                return value;
              }
              throw bad(path, "its sizes, strides and offset are not all numbers from 0 up");
            })
        .toArray();
  }

  private ModelException bad(String path, String why) {
    return new ModelException(
        ModelException.Kind.IMPORT,
        "the weight %s of %s cannot be read: %s; export the model again"
            .formatted(path, zip.source(), why));
  }
}
