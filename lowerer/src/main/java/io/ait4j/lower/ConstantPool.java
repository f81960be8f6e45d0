package io.ait4j.lower;

import io.ait4j.fx.Residency;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;

/** The constants of an {@code .aitm}: equal bytes are stored once, whoever reads them. */
final class ConstantPool {
  private record Entry(String name, MemorySegment data) {}

  private final Map<String, Entry> byHash = new LinkedHashMap<>();

  /** The name of the entry that will hold {@code data}. */
  String add(MemorySegment data) {
    String name =
        byHash.computeIfAbsent(
                Hash.of(data), hash -> new Entry("constants/%05d".formatted(byHash.size()), data))
            .name;
    Residency.release(data);
    return name;
  }

  /** By entry name, in order. */
  Map<String, MemorySegment> entries() {
    Map<String, MemorySegment> entries = new LinkedHashMap<>();
    byHash.values().forEach(entry -> entries.put(entry.name, entry.data));
    return entries;
  }
}
