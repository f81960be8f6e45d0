package io.ait4j.fx.export;

import io.ait4j.fx.Weight;

/** What an input of the graph stands for, the file's {@code InputSpec}. */
sealed interface ProgramInput {
  /** What the caller gives: a tensor, or a constant that was given at export. */
  record User(Argument value) implements ProgramInput {}

  /**
   * A parameter, buffer or constant.
   *
   * @param name of the graph's input
   * @param path by which the model knows it
   * @param kind a persistent buffer counts as a parameter: every checkpoint has it
   */
  record Stored(String name, String path, Weight.Kind kind) implements ProgramInput {}

  record Constant(String name, Argument value) implements ProgramInput {}

  record Unsupported(String kind, String name) implements ProgramInput {}
}
