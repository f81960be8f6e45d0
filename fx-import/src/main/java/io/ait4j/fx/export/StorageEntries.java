package io.ait4j.fx.export;

import io.ait4j.fx.Dim;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.Weight;
import io.ait4j.fx.archive.ZipArchive;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
    try {
      long reach = NativeTensor.reach(sizes, strides);
      long bytes = Math.multiplyExact(reach, (long) type.dtype().bytes());
      long begin = Math.multiplyExact(offset, (long) type.dtype().bytes());
      Math.multiplyExact(numel(sizes), (long) type.dtype().bytes());
      MemorySegment data = MemorySegment.NULL;
      if (bytes > 0) {
        MemorySegment storage = mapped.computeIfAbsent(entry, zip::storage);
        if (begin < 0 || begin > storage.byteSize() || bytes > storage.byteSize() - begin) {
          throw bad(
              path,
              "it needs bytes %d to %d of its storage '%s', which has %d"
                  .formatted(begin, begin + bytes, entry, storage.byteSize()));
        }
        data = storage.asSlice(begin, bytes);
      }
      return new Weight(
          path, new TensorMeta(type.dtype(), Dim.ofAll(sizes), Dim.ofAll(strides)), data);
    } catch (ArithmeticException e) {
      throw bad(path, "it is larger than any storage");
    }
  }

  private static long numel(long[] sizes) {
    long count = 1;
    for (long size : sizes) {
      count = Math.multiplyExact(count, Math.max(1, size));
    }
    return count;
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
