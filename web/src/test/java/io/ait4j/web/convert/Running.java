package io.ait4j.web.convert;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/** A conversion under way on a thread of its own. */
record Running(Thread thread, CompletableFuture<Throwable> outcome) {
  static Running start(Converter converter, ConversionTask task, ConversionListener listener) {
    CompletableFuture<Throwable> outcome = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    converter.convert(task, listener);
                    outcome.complete(null);
                  } catch (Throwable e) {
                    outcome.complete(e);
                  }
                });
    return new Running(thread, outcome);
  }

  ConversionFailed failure() {
    return (ConversionFailed) outcome.join();
  }

  /** The worker process, of which this JVM has one. */
  ProcessHandle worker() {
    return ProcessHandle.current()
        .children()
        .filter(child -> child.info().command().orElse("").endsWith("java"))
        .findFirst()
        .orElseThrow();
  }

  /** A C++ compiler that was started under this JVM, once there is one. */
  static ProcessHandle compiler() {
    while (true) {
      Optional<ProcessHandle> found =
          ProcessHandle.current()
              .descendants()
              .filter(process -> process.info().command().orElse("").matches(".*(cc1plus|clang.*)"))
              .findFirst();
      if (found.isPresent()) {
        return found.get();
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Whether a process still does something; one that nobody has asked after yet does not. */
  static boolean runs(ProcessHandle process) throws IOException {
    try {
      String line = Files.readString(Path.of("/proc", "" + process.pid(), "stat"));
      return line.charAt(line.lastIndexOf(')') + 2) != 'Z';
    } catch (NoSuchFileException e) {
      return false;
    }
  }
}
