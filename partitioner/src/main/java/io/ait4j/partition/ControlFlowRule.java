package io.ait4j.partition;

import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.OperatorSupport;

/** Declines control flow that depends on data: it falls back whole, with its blocks. */
record ControlFlowRule() implements OperatorSupport {
  @Override
  public Verdict test(FxGraph graph, FxNode node) {
    return node.blocks().isEmpty()
        ? Verdict.yes(0)
        : Verdict.no("control flow that depends on data");
  }
}
