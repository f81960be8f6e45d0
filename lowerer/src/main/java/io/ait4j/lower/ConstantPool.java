package io.ait4j.lower;

import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;

/** The constants of an {@code .aitm}: equal bytes are stored once, whoever reads them. */
final class ConstantPool {
  /** An entry to be, and what tells its bytes from others. */
  record Entry(String name, MemorySegment data, Fingerprint fingerprint) {}

  private final Map<Fingerprint, Entry> entries = new LinkedHashMap<>();

  /** The name of the entry that will hold {@code data}. */
  String add(MemorySegment data) {
    return entries.computeIfAbsent(
            Fingerprint.of(data),
            found -> new Entry("constants/%05d".formatted(entries.size()), data, found))
        .name;
  }

  /** In order. */
  Iterable<Entry> entries() {
    return entries.values();
  }
}
