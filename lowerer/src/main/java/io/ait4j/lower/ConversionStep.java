package io.ait4j.lower;

import java.util.Objects;

/**
 * What a conversion is at.
 *
 * @param share of the phase that is done, 0 to 1: of the nodes, while it compiles; else 0
 * @param text a few words
 * @param detail how far that is, and more often another one; empty if there is nothing to say
 */
public record ConversionStep(Phase phase, double share, String text, String detail) {
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
    Objects.requireNonNull(detail);
  }

  ConversionStep(Phase phase, String text) {
    this(phase, 0, text, "");
  }

  ConversionStep with(double newShare, String newDetail) {
    return new ConversionStep(phase, newShare, text, newDetail);
  }

  /**
   * This step as one of a conversion for several targets, which are compiled one after another.
   *
   * @param index of the target that it is for
   */
  ConversionStep ofTarget(int index, int targets, String target) {
    boolean first = index == 0 && phase == Phase.PARTITION;
    return new ConversionStep(
        first ? phase : Phase.COMPILE,
        first ? share : (index + share) / targets,
        text + " for " + target,
        detail);
  }

  /** The words alone. */
  @Override
  public String toString() {
    return detail.isEmpty() ? text : text + ": " + detail;
  }
}
