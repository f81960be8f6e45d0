package io.ait4j.partition;

import java.util.List;

/**
 * Where a node went, and why.
 *
 * @param kind who runs it; {@link Partition.Kind#AIT} for a view that both sides repeat
 * @param partitions names of the partitions that hold it, in order: one, or several for a view or a
 *     constant that each reader repeats
 * @param reason why the compiler does not have it; empty if it does
 */
public record Fate(Partition.Kind kind, List<String> partitions, String reason) {
  public Fate {
    partitions = List.copyOf(partitions);
  }
}
