package io.ait4j.lower.cli;

import io.ait4j.lower.TextTable;
import io.ait4j.lower.verify.VerifyResult;
import io.ait4j.lower.verify.VerifyResult.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** One line for each model: how it went, how much of it is compiled, and what is not. */
final class VerifyTable {
  private VerifyTable() {}

  static boolean agrees(List<VerifyResult> cases) {
    return cases.stream().allMatch(result -> result.status() == Status.OK);
  }

  /** {@code pt2}, and the file where its name says more. */
  static String format(VerifyResult result) {
    return result.file().equals("model." + result.format())
        ? result.format()
        : result.format() + ": " + result.file();
  }

  static String text(List<List<VerifyResult>> models) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "model",
            "format",
            "status",
            "runs",
            "error",
            "flops",
            "nodes",
            "kernels",
            "on libtorch"));
    models.forEach(cases -> rows.add(row(cases)));
    return "\n" + TextTable.aligned(rows);
  }

  private static List<String> row(List<VerifyResult> cases) {
    VerifyResult shown =
        cases.stream()
            .filter(one -> one.status() != Status.OK)
            .findFirst()
            .orElse(cases.getFirst());
    return List.of(
        shown.name(),
        format(shown),
        shown.status().name().toLowerCase(Locale.ROOT),
        Integer.toString(cases.size()),
        cases.stream().allMatch(one -> one.relL2Error() != null)
            ? String.format(
                Locale.ROOT,
                "%.0e",
                cases.stream().mapToDouble(VerifyResult::relL2Error).max().orElse(0))
            : "-",
        shown.report() == null ? "-" : percent(shown.flopsAitShare()),
        shown.report() == null ? "-" : shown.nodesAit() + "/" + shown.nodesTotal(),
        shown.report() == null ? "-" : shown.kernelsBeforeFusion() + "→" + shown.kernels(),
        shown.report() == null ? "" : operators(shown.fallbackOps()));
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f%%", 100 * share);
  }

  private static String operators(Map<String, Integer> counts) {
    return counts.entrySet().stream()
        .map(
            op ->
                op.getKey().replaceFirst("^aten::", "")
                    + (op.getValue() > 1 ? " ×" + op.getValue() : ""))
        .collect(Collectors.joining(", "));
  }
}
