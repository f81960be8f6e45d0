package io.ait4j.lower;

import io.ait4j.lower.cli.CommandLineTool;

/** The command line; {@code ./ait4j --help} lists what it does. */
public final class Main {
  private Main() {}

  /** Exits with a code of {@link io.ait4j.lower.cli.ExitCode}. */
  public static void main(String[] args) {
    System.exit(CommandLineTool.run(args));
  }
}
