package io.ait4j.lower;

import io.ait4j.fx.Arg;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.Weight;
import io.ait4j.partition.Partition;
import io.ait4j.partition.PartitionPlan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A split graph with one node for each partition: all that who loads a file needs to know of its
 * graph, however large that is.
 */
final class StitchedGraph {
  private static final OpTarget PARTITION = OpTarget.parse("ait4j::partition");

  private StitchedGraph() {}

  static FxGraph of(PartitionPlan plan) {
    FxGraph graph = plan.graph();
    Map<String, FxValue> values = graph.values();
    Set<String> returned = graph.outputNames();
    Map<String, Weight> weights = new LinkedHashMap<>(graph.weights());
    weights.keySet().retainAll(returned);
    return new FxGraph(
        graph.inputs(),
        graph.attributes().stream().filter(value -> returned.contains(value.name())).toList(),
        plan.partitions().stream().map(partition -> node(partition, values)).toList(),
        graph.outputs(),
        weights,
        graph.signature());
  }

  private static FxNode node(Partition partition, Map<String, FxValue> values) {
    return new FxNode(
        partition.name(),
        PARTITION,
        partition.graph().inputs().stream().map(v -> (Arg) new Arg.Value(v.name())).toList(),
        List.copyOf(partition.graph().outputNames()).stream().map(values::get).toList(),
        "");
  }
}
