package io.ait4j.partition;

import io.ait4j.fx.FxGraph;

/**
 * One piece of a split graph.
 *
 * @param name {@code ait0}, {@code fallback0}, {@code ait1}... counted per kind
 * @param kind who runs it
 * @param graph its nodes under the value names of the whole graph. Its inputs are the values it
 *     reads that others define (inputs of the whole graph among them), its attributes those it
 *     reads, its outputs the values that others read or the whole graph returns
 */
public record Partition(String name, Kind kind, FxGraph graph) {
  /** Who runs a partition. */
  public enum Kind {
    /** Compiled into a library. */
    AIT,
    /** Interpreted on libtorch. */
    FALLBACK;

    Kind other() {
      return this == AIT ? FALLBACK : AIT;
    }
  }
}
