package io.ait4j.compiler.select;

import java.util.List;

/**
 * Which tile a kernel has, and why.
 *
 * @param candidates all that were considered, the one that the cost model would take first
 */
public record KernelChoice(String tile, How how, List<Considered> candidates) {
  public KernelChoice {
    candidates = List.copyOf(candidates);
  }

  /** Where a choice comes from. */
  public enum How {
    /** Timed for this library. */
    PROFILED,
    /** Timed before, on a GPU of the same kind. */
    CACHE,
    /** Nothing was timed. */
    COST_MODEL;

    /** As reports spell it. */
    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }
  }

  /**
   * A tile that might have been taken.
   *
   * @param micros as measured; NaN if it was not
   * @param expectedMicros by the cost model
   */
  public record Considered(String tile, double micros, double expectedMicros) {}
}
