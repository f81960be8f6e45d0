package io.ait4j.compiler.build;

import io.ait4j.fx.ModelException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** One run of the C++ compiler in a folder of its own, bounded in time and stopped as a whole. */
final class CompilerProcess {
  private static final int ERROR_LINES = 5;
  private static final File NULL = new File("/dev/null");

  private static final Duration LIMIT = Duration.ofMinutes(15);

  private CompilerProcess() {}

  /** As {@link #run(List, Path, Duration)} with more time than any compilation takes. */
  static String run(List<String> command, Path folder) {
    return run(command, folder, LIMIT);
  }

  /**
   * Runs to the end and returns what it wrote to its standard error.
   *
   * @param folder working directory; the compiler's temporary files go there as well
   * @throws ModelException if it fails, with its first errors; if it takes longer than {@code
   *     limit}; or if this thread is interrupted, which stops it
   */
  static String run(List<String> command, Path folder, Duration limit) {
    Path log = null;
    Process process = null;
    try {
      log = Files.createTempFile(folder, "log", ".txt");
      ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
      prepare(builder.environment(), folder);
      builder.redirectInput(NULL);
      builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(log.toFile());
      process = builder.start();
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw failure(
            "the C++ compiler took more than " + limit.toSeconds() + " s and was stopped", null);
      }
      String text = new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
      if (process.exitValue() != 0) {
        throw failure(
            command.get(0) + " failed with " + process.exitValue() + ": " + firstErrors(text),
            null);
      }
      return text;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure("compiling was cancelled", e);
    } catch (IOException e) {
      throw failure("cannot run the C++ compiler " + command.get(0) + ": " + e.getMessage(), e);
    } finally {
      if (process != null && process.isAlive()) {
        stop(process);
      }
    }
  }

  static void prepare(Map<String, String> environment, Path folder) {
    environment.put("LC_ALL", "C");
    environment.put("TMPDIR", folder.toString());
    // nvcc would take flags from there that no key of what is compiled knows, fast-math even.
    environment.remove("NVCC_PREPEND_FLAGS");
    environment.remove("NVCC_APPEND_FLAGS");
  }

  // A driver's children outlive it when it is killed alone; they are looked for until none is new.
  private static void stop(Process process) {
    List<ProcessHandle> children;
    do {
      children = process.descendants().filter(ProcessHandle::isAlive).toList();
      children.forEach(ProcessHandle::destroyForcibly);
    } while (!children.isEmpty() && process.isAlive());
    process.destroyForcibly();
    process.onExit().orTimeout(5, TimeUnit.SECONDS).exceptionally(e -> process).join();
  }

  private static String firstErrors(String text) {
    List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
    List<String> errors =
        lines.stream()
            .filter(line -> line.contains("error:") || line.contains("undefined reference"))
            .toList();
    String first =
        (errors.isEmpty() ? lines : errors)
            .stream().limit(ERROR_LINES).collect(Collectors.joining("\n  "));
    return first.isEmpty() ? "it said nothing" : first;
  }

  private static ModelException failure(String message, Throwable cause) {
    return new ModelException(ModelException.Kind.COMPILE, message, cause);
  }
}
