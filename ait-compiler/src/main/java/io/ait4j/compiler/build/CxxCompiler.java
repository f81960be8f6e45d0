package io.ait4j.compiler.build;

import io.ait4j.fx.ModelException;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The C++ compiler of this machine.
 *
 * @param command its executable, and arguments that always go first
 */
record CxxCompiler(List<String> command) {
  CxxCompiler {
    command = List.copyOf(command);
  }

  /**
   * {@code $CXX}, else g++, else clang++.
   *
   * @param environment looks up environment variables; null for unset ones
   * @throws ModelException if there is none
   */
  static CxxCompiler find(UnaryOperator<String> environment) {
    String path = Optional.ofNullable(environment.apply("PATH")).orElse("");
    String cxx = environment.apply("CXX");
    if (cxx != null && !cxx.isBlank()) {
      List<String> command = new ArrayList<>(Arrays.asList(cxx.strip().split("\\s+")));
      command.set(
          0,
          executable(command.get(0), path)
              .orElseThrow(
                  () ->
                      new ModelException(
                          ModelException.Kind.COMPILE,
                          "no C++ compiler: CXX names '"
                              + command.get(0)
                              + "', which is not an executable on PATH; correct or unset it")));
      return new CxxCompiler(command);
    }
    return executable("g++", path)
        .or(() -> executable("clang++", path))
        .map(found -> new CxxCompiler(List.of(found)))
        .orElseThrow(
            () ->
                new ModelException(
                    ModelException.Kind.COMPILE,
                    "no C++ compiler: neither g++ nor clang++ is on PATH; install one (Debian and"
                        + " Ubuntu: apt install g++; Fedora: dnf install gcc-c++) or set CXX"));
  }

  /** The compiler itself, where the command begins with what launches it, {@code ccache g++}. */
  String executable() {
    return command.size() > 1 && !command.get(1).startsWith("-")
        ? command.get(1)
        : command.getFirst();
  }

  /** A program of this name, a path or one on {@code path}. */
  static Optional<String> executable(String name, String path) {
    if (name.contains("/")) {
      return Files.isExecutable(Path.of(name))
          ? Optional.of(Path.of(name).toAbsolutePath().toString())
          : Optional.empty();
    }
    return Arrays.stream(path.split(File.pathSeparator))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, name).toAbsolutePath())
        .filter(file -> Files.isExecutable(file) && !Files.isDirectory(file))
        .map(Path::toString)
        .findFirst();
  }
}
