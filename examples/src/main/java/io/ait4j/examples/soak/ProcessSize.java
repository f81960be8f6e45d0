package io.ait4j.examples.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What the process holds.
 *
 * @param malloced bytes of the C heap in use: the kernel counts what is free inside it, too
 * @param resident bytes in memory
 * @param files open file descriptors
 * @param mappings of files, which need no descriptor: models and their libraries
 */
record ProcessSize(long malloced, long resident, long files, long mappings) {
  private static final int FIELDS = 10;
  private static final MethodHandle MALLINFO2 =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("mallinfo2"),
              FunctionDescriptor.of(
                  MemoryLayout.structLayout(
                      MemoryLayout.sequenceLayout(FIELDS, ValueLayout.JAVA_LONG))));

  static ProcessSize now() {
    System.gc(); // what Java still refers to is not in use
    return new ProcessSize(countMalloced(), countResident(), countFiles(), countMappings());
  }

  private static long countMalloced() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = (MemorySegment) MALLINFO2.invoke(arena);
      long mapped = info.getAtIndex(ValueLayout.JAVA_LONG, 4);
      long inArenas = info.getAtIndex(ValueLayout.JAVA_LONG, 7);
      return mapped + inArenas;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static long countResident() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      String kilobytes = lines.filter(line -> line.startsWith("VmRSS:")).findFirst().orElseThrow();
      return Long.parseLong(kilobytes.replaceAll("[^0-9]", "")) * 1024;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long countFiles() {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long countMappings() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
      return lines.filter(line -> line.contains(" /")).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return "%7.1f MB of C heap, %7.1f MB resident, %d files, %d mappings of files"
        .formatted(malloced / 1e6, resident / 1e6, files, mappings);
  }
}
