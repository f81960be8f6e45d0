package io.ait4j.lower.cli;

import java.io.BufferedWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What the command line did.
 *
 * @param out what it printed
 * @param err what it complained of
 */
record Tool(int exit, String out, String err) {
  /** The models in the repository; tests run in their module's folder. */
  static final Path MODELS = Path.of("..", "examples", "models");

  static Tool run(Object... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit =
        CommandLineTool.run(
            new PrintWriter(new BufferedWriter(out), true), // as a process's streams are
            new PrintWriter(new BufferedWriter(err), true),
            Arrays.stream(args).map(Object::toString).toArray(String[]::new));
    return new Tool(exit, out.toString(), err.toString());
  }
}
