package io.ait4j.lower;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A report for people. */
final class ReportTable {
  private static final int SHOWN_VALUES = 3;

  private ReportTable() {}

  static String text(LoweringReport report) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("partition", "runs on", "nodes", "flops", "inputs", "outputs"));
    for (LoweringReport.PartitionRow p : report.partitions()) {
      rows.add(
          List.of(
              p.name(),
              p.kind().equals("ait") ? "library" : "libtorch",
              Integer.toString(p.nodes()),
              percent(p.flopsShare()),
              values(p.inputs()),
              values(p.outputs())));
    }
    StringBuilder text = new StringBuilder(TextTable.aligned(rows));
    text.append(
        "%d of %d nodes and %s of the flops compiled for %s in %s%n"
            .formatted(
                report.nodesAit(),
                report.nodesTotal(),
                percent(report.flopsAitShare()),
                report.target(),
                report.precision()));
    report
        .fallbackOps()
        .forEach(
            (op, fate) ->
                text.append(
                    "on libtorch: %s ×%d: %s%n"
                        .formatted(op, fate.count(), String.join("; ", fate.reasons()))));
    report.demotions().forEach(demotion -> text.append(demotion).append('\n'));
    return text.toString();
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f%%", 100 * share);
  }

  private static String values(List<String> values) {
    return values.size() <= SHOWN_VALUES
        ? String.join(", ", values)
        : String.join(", ", values.subList(0, SHOWN_VALUES))
            + ", and %d more".formatted(values.size() - SHOWN_VALUES);
  }
}
