package io.ait4j.lower;

import io.ait4j.compiler.CompileReport;
import io.ait4j.compiler.CompileReport.KernelReport;
import io.ait4j.compiler.select.KernelChoice;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.FxValue;
import io.ait4j.lower.LoweringReport.CandidateRow;
import io.ait4j.lower.LoweringReport.FallbackOp;
import io.ait4j.lower.LoweringReport.KernelRow;
import io.ait4j.lower.LoweringReport.NodeRow;
import io.ait4j.lower.LoweringReport.PartitionRow;
import io.ait4j.partition.Fate;
import io.ait4j.partition.Partition;
import io.ait4j.partition.PartitionPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/** Tells a plan as a report. */
final class Reports {
  private static final CompileReport NOT_COMPILED =
      new CompileReport(0, List.of(), 0, 0, Map.of(), 0, 0);

  private Reports() {}

  /**
   * @param compiled what is known of the compiled partitions
   */
  static LoweringReport of(
      PartitionPlan plan,
      Map<Partition, CompileReport> compiled,
      LowerSettings settings,
      List<String> demotions) {
    FxGraph graph = plan.graph();
    Map<String, String> sources = sources(graph);
    List<NodeRow> nodes = new ArrayList<>();
    Map<String, List<String>> reasons = new TreeMap<>();
    for (FxNode node : graph.nodes()) {
      Fate fate = plan.fates().get(node.name());
      nodes.add(
          new NodeRow(
              node.name(),
              node.target().toString(),
              named(sources, node.inputs()),
              node.results().stream().map(value -> value.meta().toString()).toList(),
              fate.partitions(),
              fate.reason(),
              node.source()));
      if (fate.kind() == Partition.Kind.FALLBACK) {
        reasons
            .computeIfAbsent(node.target().toString(), op -> new ArrayList<>())
            .add(fate.reason());
      }
    }
    Map<String, FallbackOp> fallbackOps = new TreeMap<>();
    reasons.forEach(
        (op, all) ->
            fallbackOps.put(op, new FallbackOp(all.size(), all.stream().distinct().toList())));
    return new LoweringReport(
        settings.target().spelling(),
        settings.precision().toString(),
        plan.nodesTotal(),
        plan.nodesAit(),
        plan.flopsAitShare(),
        plan.partitions().stream()
            .map(partition -> row(plan, partition, compiled.getOrDefault(partition, NOT_COMPILED)))
            .toList(),
        fallbackOps,
        graph.inputs().stream().map(Reports::text).toList(),
        named(sources, graph.outputNames()),
        nodes,
        List.copyOf(demotions));
  }

  /** Who yields each value: a node, or an input itself; weights are left out. */
  private static Map<String, String> sources(FxGraph graph) {
    Map<String, String> sources = new HashMap<>();
    graph.inputs().forEach(input -> sources.put(input.name(), input.name()));
    graph.producers().forEach((value, node) -> sources.put(value, node.name()));
    return sources;
  }

  private static List<String> named(Map<String, String> sources, Set<String> values) {
    return values.stream().map(sources::get).filter(Objects::nonNull).distinct().toList();
  }

  private static PartitionRow row(PartitionPlan plan, Partition partition, CompileReport report) {
    Map<String, FxValue> values = partition.graph().values();
    return new PartitionRow(
        partition.name(),
        partition.kind().name().toLowerCase(Locale.ROOT),
        partition.graph().nodes().size(),
        plan.flopsShare(partition),
        partition.graph().inputs().stream().map(Reports::text).toList(),
        partition.graph().outputNames().stream().map(name -> text(values.get(name))).toList(),
        report.convertedKernels(),
        report.kernels().stream().map(Reports::row).toList(),
        report.arenaBytes(),
        report.sumBytes().values().stream().mapToLong(Long::longValue).sum(),
        report.sumBytes(),
        report.liveBytes(),
        report.borderCopyBytes());
  }

  private static KernelRow row(KernelReport kernel) {
    KernelChoice choice = kernel.choice();
    return new KernelRow(
        kernel.name(),
        kernel.kind(),
        kernel.origins(),
        choice == null ? "" : choice.tile(),
        choice == null ? "" : choice.how().toString(),
        choice == null ? List.of() : choice.candidates().stream().map(Reports::row).toList(),
        kernel.function(),
        List.of());
  }

  private static CandidateRow row(KernelChoice.Considered tile) {
    return new CandidateRow(
        tile.tile(), Double.isNaN(tile.micros()) ? null : tile.micros(), tile.expectedMicros());
  }

  private static String text(FxValue value) {
    return value.name() + ": " + value.meta();
  }
}
