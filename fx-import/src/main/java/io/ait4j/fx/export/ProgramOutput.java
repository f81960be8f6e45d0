package io.ait4j.fx.export;

/** What an output of the graph stands for, the file's {@code OutputSpec}. */
sealed interface ProgramOutput {
  /** What the caller gets. */
  record User(Argument value) implements ProgramOutput {}

  /** The next value of the parameter or buffer that the model knows by {@code path}. */
  record StoredMutation(String name, String path) implements ProgramOutput {}

  /** What is written to the caller's tensor that comes in as {@code input}. */
  record InputMutation(String name, String input) implements ProgramOutput {}

  record Unsupported(String kind) implements ProgramOutput {}
}
