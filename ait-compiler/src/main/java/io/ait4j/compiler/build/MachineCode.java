package io.ait4j.compiler.build;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** What a library for GPUs multiplies with, as the toolkit's {@code cuobjdump} shows its code. */
public final class MachineCode {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

  /**
   * What a fat binary begins with, then 4 bytes and the size of what follows 16 bytes of header.
   */
  private static final int FAT_BINARY = 0xBA55ED50;

  private static final int HEADER_BYTES = 16;

  private final String cuobjdump;

  private MachineCode(String cuobjdump) {
    this.cuobjdump = cuobjdump;
  }

  /** With {@code cuobjdump} from {@code PATH} or the CUDA toolkit; empty if there is none. */
  public static Optional<MachineCode> find() {
    return find(System::getenv);
  }

  static Optional<MachineCode> find(UnaryOperator<String> environment) {
    List<String> places = new ArrayList<>();
    for (String variable : List.of("CUDA_HOME", "CUDA_PATH")) {
      Optional.ofNullable(environment.apply(variable)).ifPresent(home -> places.add(home + "/bin"));
    }
    places.add("/usr/local/cuda/bin");
    String path = Optional.ofNullable(environment.apply("PATH")).orElse("");
    return CxxCompiler.executable("cuobjdump", path)
        .or(() -> CxxCompiler.executable("cuobjdump", String.join(":", places)))
        .map(MachineCode::new);
  }

  /**
   * By device function, the instruction that most of its multiply-adds are: see {@link
   * SassReader#strongest}. Functions without one are left out.
   *
   * @param library an ELF file
   */
  public Map<String, String> arithmetic(MemorySegment library) {
    Map<String, String> found = new TreeMap<>();
    try {
      Path folder = Files.createTempDirectory("ait4j-sass");
      Path file = folder.resolve("image.fatbin");
      try {
        for (MemorySegment image : images(library)) {
          Files.write(file, image.toArray(ValueLayout.JAVA_BYTE));
          found.putAll(read(file));
        }
      } finally {
        Files.deleteIfExists(file);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  private Map<String, String> read(Path file) throws IOException {
    Process process =
        new ProcessBuilder(cuobjdump, "-sass", file.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader lines = process.inputReader()) {
      return SassReader.strongest(lines.lines());
    } finally {
      process.destroy();
    }
  }

  /** The fat binaries in a library's data. */
  static List<MemorySegment> images(MemorySegment library) {
    List<MemorySegment> images = new ArrayList<>();
    long at = 0;
    while (at + HEADER_BYTES <= library.byteSize()) {
      if (library.get(INT, at) == FAT_BINARY) {
        long bytes = HEADER_BYTES + library.get(ValueLayout.JAVA_LONG_UNALIGNED, at + 8);
        if (bytes > HEADER_BYTES && bytes <= library.byteSize() - at) {
          images.add(library.asSlice(at, bytes));
          at += bytes;
          continue;
        }
      }
      at++;
    }
    return images;
  }
}
