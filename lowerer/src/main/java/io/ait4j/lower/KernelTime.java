package io.ait4j.lower;

import io.ait4j.compiler.KernelProfile;
import java.util.List;

/**
 * A kernel of a profiled run.
 *
 * @param partition that launched it
 * @param kind as in {@link LoweringReport.KernelRow}; {@code libtorch} for a whole partition there
 * @param nodes of the source graph that it computes; none are told of a partition on libtorch
 */
public record KernelTime(String partition, String kind, List<String> nodes, KernelProfile profile) {
  public KernelTime {
    nodes = List.copyOf(nodes);
  }
}
