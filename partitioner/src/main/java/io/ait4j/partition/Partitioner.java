package io.ait4j.partition;

import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.OperatorSupport;
import io.ait4j.fx.OperatorSupport.Verdict;
import io.ait4j.partition.Partition.Kind;
import java.util.HashMap;
import java.util.Map;

/** Splits a graph between the compiler and the fallback. */
public final class Partitioner {
  private final OperatorSupport support;
  private final PartitionSettings settings;

  /**
   * @param support what the compiler takes; asked once for each node that no other rule declines
   */
  public Partitioner(OperatorSupport support, PartitionSettings settings) {
    this.support = support;
    this.settings = settings;
  }

  /**
   * The split of a whole graph.
   *
   * @throws ModelException (USAGE) if the settings exclude a node that is not there
   */
  public PartitionPlan plan(FxGraph graph) {
    OperatorSupport rules =
        new ExcludedOperators(settings.excludedOps())
            .and(new ExcludedNodes(settings.excludedNodes()))
            .and(new ControlFlowRule())
            .and(new TypeRule(graph))
            .and(support);
    Map<String, String> declined = new HashMap<>();
    Map<String, Double> flops = new HashMap<>();
    Flops estimate = new Flops(graph.values());
    for (FxNode node : graph.nodes()) {
      Verdict verdict = rules.test(graph, node);
      if (!verdict.supported()) {
        declined.put(node.name(), verdict.reason());
      }
      flops.put(node.name(), verdict.flops() > 0 ? verdict.flops() : estimate.of(node));
    }
    for (String name : settings.excludedNodes()) {
      if (!flops.containsKey(name)) {
        throw new ModelException(
            ModelException.Kind.USAGE,
            "cannot exclude node '" + name + "': the graph has no node of that name");
      }
    }
    return plan(graph, declined, flops);
  }

  PartitionPlan plan(FxGraph graph, Map<String, String> declined, Map<String, Double> flops) {
    Dependencies dependencies =
        new Dependencies(
            graph, node -> FreeOperators.isFree(node) && !declined.containsKey(node.name()));
    Map<String, String> reasons = new HashMap<>(declined);
    Kind[] kinds = new Kind[dependencies.size()];
    for (int i = 0; i < kinds.length; i++) {
      kinds[i] = declined.containsKey(dependencies.node(i).name()) ? Kind.FALLBACK : Kind.AIT;
    }
    Demotion demotion = new Demotion(dependencies, kinds, reasons);
    demotion.constantsOfTheFallback();
    Phases phases = Phases.assign(dependencies, kinds);
    while (demotion.betweenUncrossable(phases)
        || demotion.belowMinimum(phases, settings.minPartitionSize())) {
      phases = Phases.assign(dependencies, kinds);
    }
    return new Cut(dependencies, phases, reasons).plan(this, declined, flops);
  }
}
