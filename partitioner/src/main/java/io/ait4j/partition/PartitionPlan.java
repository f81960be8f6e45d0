package io.ait4j.partition;

import io.ait4j.fx.Arg;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.ModelException;
import io.ait4j.partition.Partition.Kind;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A graph split into partitions, and why each node went where it did. Immutable.
 *
 * <p>To run it: give values to the inputs of {@link #graph()}, run the {@link #partitions()} in
 * order, each reading values by name that inputs or earlier partitions defined and defining its own
 * outputs, then gather the outputs of {@link #graph()}. Those may name inputs or attributes of the
 * whole graph, or be constants: no partition yields these ({@link #directOutputs()}), the runner
 * copies them, since a module's results are its own. A number that is not a tensor crosses a border
 * as a 0-d tensor.
 */
public final class PartitionPlan {
  private final Partitioner partitioner;
  private final FxGraph graph;
  private final List<Partition> partitions;
  private final Map<String, Fate> fates;
  private final Map<String, String> declined;
  private final Map<String, Double> flops;

  PartitionPlan(
      Partitioner partitioner,
      FxGraph graph,
      List<Partition> partitions,
      Map<String, Fate> fates,
      Map<String, String> declined,
      Map<String, Double> flops) {
    this.partitioner = partitioner;
    this.graph = graph;
    this.partitions = List.copyOf(partitions);
    this.fates = Collections.unmodifiableMap(fates);
    this.declined = Map.copyOf(declined);
    this.flops = Map.copyOf(flops);
  }

  /** The whole graph. */
  public FxGraph graph() {
    return graph;
  }

  /** In an order in which each reads only what came before; empty for a graph without nodes. */
  public List<Partition> partitions() {
    return partitions;
  }

  /** What became of each node, by its name, in graph order. */
  public Map<String, Fate> fates() {
    return fates;
  }

  /** Outputs of the graph that no partition yields: its inputs, its attributes and constants. */
  public List<Arg> directOutputs() {
    Map<String, ?> producers = graph.producers();
    return graph.outputs().stream()
        .filter(
            output -> !(output instanceof Arg.Value(String name)) || !producers.containsKey(name))
        .toList();
  }

  public int count(Kind kind) {
    return (int) partitions.stream().filter(partition -> partition.kind() == kind).count();
  }

  public int nodesTotal() {
    return fates.size();
  }

  /** Nodes that the compiler has. */
  public int nodesAit() {
    return (int) fates.values().stream().filter(fate -> fate.kind() == Kind.AIT).count();
  }

  /**
   * Share of the floating-point operations that the compiler has, by the same rough count on both
   * sides; 1 if there are none at all and nothing falls back. Blocks of control flow count 0.
   */
  public double flopsAitShare() {
    double all = flops.values().stream().mapToDouble(Double::doubleValue).sum();
    double ait = 0;
    for (Map.Entry<String, Fate> fate : fates.entrySet()) {
      ait += fate.getValue().kind() == Kind.AIT ? flops.get(fate.getKey()) : 0;
    }
    return all > 0 ? ait / all : count(Kind.FALLBACK) == 0 ? 1 : 0;
  }

  /** Share of the floating-point operations that one partition has, by the same count. */
  public double flopsShare(Partition partition) {
    double all = flops.values().stream().mapToDouble(Double::doubleValue).sum();
    double here =
        partition.graph().nodes().stream().mapToDouble(node -> flops.get(node.name())).sum();
    return all > 0 ? here / all : 0;
  }

  /** How often each operator falls back, by name. */
  public Map<String, Integer> fallbackOps() {
    Map<String, Integer> ops = new TreeMap<>();
    graph.nodes().stream()
        .filter(node -> fates.get(node.name()).kind() == Kind.FALLBACK)
        .forEach(node -> ops.merge(node.target().toString(), 1, Integer::sum));
    return ops;
  }

  /**
   * The plan with one more node left to the fallback, the culprit of a failed build for example.
   *
   * @throws ModelException (USAGE) if the graph has no such node
   */
  public PartitionPlan demote(String node, String reason) {
    if (!fates.containsKey(node)) {
      throw new ModelException(
          ModelException.Kind.USAGE,
          "cannot demote node '" + node + "': the graph has no node of that name");
    }
    Map<String, String> more = new HashMap<>(declined);
    more.putIfAbsent(node, reason);
    return partitioner.plan(graph, more, flops);
  }

  /** The partitions and the fallen-back operators as a text table. */
  @Override
  public String toString() {
    return PlanTable.text(this);
  }
}
