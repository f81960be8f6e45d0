package io.ait4j.partition;

import io.ait4j.fx.FxNode;
import io.ait4j.partition.Partition.Kind;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A plan as text: one line a partition, one line a reason to fall back, and totals. */
final class PlanTable {
  private PlanTable() {}

  static String text(PartitionPlan plan) {
    StringBuilder text = new StringBuilder();
    row(text, "partition", "nodes", "inputs", "outputs", "operators");
    for (Partition partition : plan.partitions()) {
      row(
          text,
          partition.name(),
          partition.graph().nodes().size(),
          partition.graph().inputs().size(),
          partition.graph().outputs().size(),
          operators(partition.graph().nodes()));
    }
    Map<String, Integer> reasons = new TreeMap<>();
    for (FxNode node : plan.graph().nodes()) {
      Fate fate = plan.fates().get(node.name());
      if (fate.kind() == Kind.FALLBACK) {
        reasons.merge(node.target() + ": " + fate.reason(), 1, Integer::sum);
      }
    }
    reasons.forEach(
        (reason, n) ->
            text.append("fallback ").append(n).append(" x ").append(reason).append('\n'));
    return text.append(
            String.format(
                Locale.ROOT,
                "%d of %d nodes and %.1f %% of the flops compiled; partitions: %d compiled, %d fallback%n",
                plan.nodesAit(),
                plan.nodesTotal(),
                100 * plan.flopsAitShare(),
                plan.count(Kind.AIT),
                plan.count(Kind.FALLBACK)))
        .toString();
  }

  private static void row(StringBuilder text, Object... cells) {
    text.append(String.format(Locale.ROOT, "%-12s %6s %7s %8s  %s%n", cells));
  }

  /** The commonest operators. */
  private static String operators(List<FxNode> nodes) {
    Map<String, Long> counts =
        nodes.stream()
            .collect(
                Collectors.groupingBy(
                    node -> node.target().name(), LinkedHashMap::new, Collectors.counting()));
    String common =
        counts.entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
            .limit(5)
            .map(e -> e.getValue() == 1 ? e.getKey() : e.getValue() + " " + e.getKey())
            .collect(Collectors.joining(", "));
    return counts.size() > 5 ? common + ", ..." : common;
  }
}
