package io.ait4j.compiler.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A C++ or CUDA file and all that it includes beside the system's headers.
 *
 * @param name of letters, digits and {@code _} and ending in {@code .cpp}, or in {@code .cu} for
 *     device code
 * @param headers texts by name
 */
record SourceFile(String name, String text, Map<String, String> headers) {
  private static final String PRECOMPILED = "#include \"" + PrecompiledHeader.NAME + "\"\n";

  SourceFile {
    if (!name.matches("[A-Za-z0-9_]+\\.(cpp|cu)")) {
      throw new IllegalArgumentException("source file " + name);
    }
  }

  /** Whether it holds device code alone. */
  boolean isDevice() {
    return name.endsWith(".cu");
  }

  /** The name of what it is compiled to. */
  String compiled() {
    return isDevice() ? name.replace(".cu", ".fatbin") : name.replace(".cpp", ".o");
  }

  /** Whether it begins with what may be compiled beforehand. */
  boolean usesPrecompiled() {
    return text.startsWith(PRECOMPILED);
  }

  /** Writes it and its headers, unless they are there. */
  void write(Path folder) throws IOException {
    Files.writeString(folder.resolve(name), text);
    for (Map.Entry<String, String> header : headers.entrySet()) {
      Path file = folder.resolve(header.getKey());
      if (!Files.exists(file)) {
        Files.writeString(file, header.getValue());
      }
    }
  }
}
