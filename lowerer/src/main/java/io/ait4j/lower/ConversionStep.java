package io.ait4j.lower;

import java.util.Objects;

/**
 * What a conversion is at.
 *
 * @param done of {@code total}: nodes of the graph that are compiled, while it compiles; else 0
 * @param total what there is of them; else 0
 * @param text a few words
 */
public record ConversionStep(Phase phase, int done, int total, String text) {
  /** The parts of a conversion, in order. */
  public enum Phase {
    /** Reading the model into a graph. */
    IMPORT,
    /** Planning which nodes are compiled. */
    PARTITION,
    /** Compiling the partitions; back to the plan if one does not build. */
    COMPILE,
    /** Writing the file. */
    WRITE
  }

  public ConversionStep {
    Objects.requireNonNull(phase);
    Objects.requireNonNull(text);
  }

  ConversionStep(Phase phase, String text) {
    this(phase, 0, 0, text);
  }

  /** The words alone. */
  @Override
  public String toString() {
    return text;
  }
}
