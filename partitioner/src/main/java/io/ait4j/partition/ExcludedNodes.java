package io.ait4j.partition;

import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.OperatorSupport;
import java.util.Set;

/** Declines the nodes a user named. */
record ExcludedNodes(Set<String> names) implements OperatorSupport {
  @Override
  public Verdict test(FxGraph graph, FxNode node) {
    return names.contains(node.name())
        ? Verdict.no("node is excluded by the settings")
        : Verdict.yes(0);
  }
}
