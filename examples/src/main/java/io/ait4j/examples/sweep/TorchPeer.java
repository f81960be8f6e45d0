package io.ait4j.examples.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code torch_kernels.py}, which times the same problems in PyTorch, one after another. */
final class TorchPeer implements AutoCloseable {
  private final Process process;

  /**
   * @param command that starts it, in words
   */
  TorchPeer(List<String> command) {
    try {
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a problem takes there, in microseconds; empty if the script has ended. */
  Optional<Double> micros(Built built) {
    String line =
        built.problem().words().stream().map(Object::toString).collect(Collectors.joining(" "));
    try {
      process.outputWriter().write(built.copies() + " " + line + "\n");
      process.outputWriter().flush();
      return Optional.ofNullable(process.inputReader().readLine()).map(Double::valueOf);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    process.destroy();
  }
}
