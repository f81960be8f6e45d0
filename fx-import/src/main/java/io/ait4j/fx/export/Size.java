package io.ait4j.fx.export;

/** A number of the file that may depend on symbols. */
sealed interface Size {
  record Known(long value) implements Size {}

  /** The text that sympy's {@code srepr} gives an expression. */
  record Expression(String text) implements Size {}
}
