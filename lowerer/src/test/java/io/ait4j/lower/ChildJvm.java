package io.ait4j.lower;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Another JVM, for what depends on a whole process. */
final class ChildJvm {
  /**
   * How it ended.
   *
   * @param output both streams
   */
  record Outcome(int exit, String output) {}

  private final List<String> shell = new ArrayList<>();
  private Predicate<String> classPath = entry -> true;
  private Map<String, String> environment = Map.of();

  /** Leaves class path entries out. */
  ChildJvm without(String word) {
    classPath = entry -> !entry.contains(word);
    return this;
  }

  /** Replaces variables. */
  ChildJvm environment(Map<String, String> variables) {
    environment = variables;
    return this;
  }

  /** No file may grow beyond this, as if the disk were full. */
  ChildJvm fileLimit(int kibibytes) {
    shell.addAll(List.of("bash", "-c", "ulimit -f " + kibibytes + "; exec \"$@\"", "bash"));
    return this;
  }

  Outcome run(Class<?> main, Object... args) {
    List<String> command = new ArrayList<>(shell);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:-UsePerfData",
            "-cp",
            Arrays.stream(System.getProperty("java.class.path").split(":"))
                .filter(classPath)
                .collect(Collectors.joining(":")),
            main.getName()));
    Arrays.stream(args).map(Object::toString).forEach(command::add);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Outcome(process.waitFor(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
