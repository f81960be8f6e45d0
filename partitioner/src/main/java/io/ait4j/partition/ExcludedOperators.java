package io.ait4j.partition;

import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.OperatorSupport;
import java.util.Set;

/** Declines the operators a user named, with or without an overload. */
record ExcludedOperators(Set<String> names) implements OperatorSupport {
  @Override
  public Verdict test(FxGraph graph, FxNode node) {
    return names.contains(node.target().toString()) || names.contains(node.target().qualifiedName())
        ? Verdict.no("operator " + node.target() + " is excluded by the settings")
        : Verdict.yes(0);
  }
}
