package io.ait4j.compiler.build;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Which versions of other libraries' symbols a 64-bit little-endian ELF library asks for. */
final class ElfVersions {
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  /** The type of the section that lists them. */
  private static final int NEEDED = 0x6ffffffe;

  private static final String GLIBC = "GLIBC_";

  private ElfVersions() {}

  /** The newest version of GLIBC's symbols, {@code 2.34}; empty if it asks for none. */
  static Optional<String> newestGlibc(MemorySegment elf) {
    return needed(elf).stream()
        .filter(name -> name.matches(GLIBC + "[0-9.]+"))
        .map(name -> name.substring(GLIBC.length()))
        .max(Comparator.comparing(Version::parse));
  }

  private static Set<String> needed(MemorySegment elf) {
    Set<String> names = new HashSet<>();
    long sections = elf.get(LONG, 0x28);
    int size = elf.get(SHORT, 0x3a);
    for (int i = 0; i < elf.get(SHORT, 0x3c); i++) {
      MemorySegment section = elf.asSlice(sections + (long) i * size, size);
      if (section.get(INT, 4) == NEEDED) {
        MemorySegment strings = elf.asSlice(sections + (long) section.get(INT, 0x28) * size, size);
        collect(contents(elf, section), section.get(INT, 0x2c), contents(elf, strings), names);
      }
    }
    return names;
  }

  private static MemorySegment contents(MemorySegment elf, MemorySegment section) {
    return elf.asSlice(section.get(LONG, 0x18), section.get(LONG, 0x20));
  }

  private static void collect(
      MemorySegment data, int libraries, MemorySegment strings, Set<String> names) {
    long library = 0;
    for (int i = 0; i < libraries; i++) {
      long version = library + data.get(INT, library + 8);
      for (int j = 0; j < data.get(SHORT, library + 2); j++) {
        names.add(strings.getString(data.get(INT, version + 8), StandardCharsets.US_ASCII));
        version += data.get(INT, version + 12);
      }
      library += data.get(INT, library + 12);
    }
  }
}
