package io.ait4j.partition;

import java.util.Set;

/**
 * What a user may say about the split.
 *
 * @param minPartitionSize the fewest nodes, those that only view or fill memory not counted, for
 *     which a compiled partition is worth its borders; a smaller one goes to the fallback, unless
 *     it is the whole graph and so has no border. The default is 1: a border copies nothing and
 *     costs one native call, which is what libtorch spends on one operator.
 * @param excludedOps operators left to the fallback: {@code aten::add} for all overloads, {@code
 *     aten::add.Tensor} for one
 * @param excludedNodes names of nodes left to the fallback
 */
public record PartitionSettings(
    int minPartitionSize, Set<String> excludedOps, Set<String> excludedNodes) {
  public static final PartitionSettings DEFAULT = new PartitionSettings(1, Set.of(), Set.of());

  public PartitionSettings {
    if (minPartitionSize < 0) {
      throw new IllegalArgumentException("minimum partition size " + minPartitionSize);
    }
    excludedOps = Set.copyOf(excludedOps);
    excludedNodes = Set.copyOf(excludedNodes);
  }
}
