package io.ait4j.lower.cli;

import java.io.Console;
import java.io.PrintStream;
import java.util.function.Consumer;

/** One line on a terminal that says what is going on; nothing in a pipe. */
final class Progress implements Consumer<String>, AutoCloseable {
  private final PrintStream terminal;

  private Progress(PrintStream terminal) {
    this.terminal = terminal;
  }

  static Progress start() {
    Console console = System.console();
    return new Progress(console != null && console.isTerminal() ? System.err : null);
  }

  @Override
  public synchronized void accept(String step) {
    if (terminal != null) {
      terminal.print("\r\033[K" + step + " ...");
      terminal.flush();
    }
  }

  /** Clears the line, so that what is printed next stands alone. */
  synchronized void clear() {
    if (terminal != null) {
      terminal.print("\r\033[K");
      terminal.flush();
    }
  }

  @Override
  public void close() {
    clear();
  }
}
