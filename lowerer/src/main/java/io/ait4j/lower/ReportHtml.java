package io.ait4j.lower;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reports of a model's targets as one HTML page that needs nothing else. */
final class ReportHtml {
  private static final String STYLE =
      "body{font:14px/1.5 system-ui,sans-serif;margin:2em auto;max-width:72em;padding:0 1em}"
          + "table{border-collapse:collapse;margin:.5em 0 1.5em}"
          + "th,td{text-align:left;vertical-align:top;padding:.2em .8em .2em 0;border-bottom:1px solid #ddd}"
          + "td{overflow-wrap:anywhere}.fallback{background:#fff1e0}summary{cursor:pointer}";

  private final StringBuilder page = new StringBuilder();

  private ReportHtml() {}

  static String write(List<LoweringReport> reports) {
    return new ReportHtml().page(reports);
  }

  private String page(List<LoweringReport> reports) {
    page.append("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>ait4j</title>");
    page.append("<style>").append(STYLE).append("</style><h1>How the model was split</h1>");
    if (reports.size() > 1) {
      contents(reports);
    }
    for (int i = 0; i < reports.size(); i++) {
      page.append("<section id=\"target").append(i).append("\">");
      target(reports.get(i));
      page.append("</section>");
    }
    return page.append("</html>\n").toString();
  }

  private void contents(List<LoweringReport> reports) {
    page.append("<p>For ").append(reports.size()).append(" targets:</p><ul>");
    for (int i = 0; i < reports.size(); i++) {
      page.append("<li><a href=\"#target").append(i).append("\">");
      page.append(text(reports.get(i).target())).append("</a>");
    }
    page.append("</ul>");
  }

  private void target(LoweringReport report) {
    page.append("<p>")
        .append(
            text(
                "%d of %d nodes and %.1f%% of the flops compiled for %s in %s"
                    .formatted(
                        report.nodesAit(),
                        report.nodesTotal(),
                        100 * report.flopsAitShare(),
                        report.target(),
                        report.precision())))
        .append("</p>");
    partitions(report);
    if (!report.fallbackOps().isEmpty()) {
      fallback(report);
    }
    for (LoweringReport.PartitionRow partition : report.partitions()) {
      if (!partition.kernels().isEmpty()) {
        kernels(partition);
      }
    }
    nodes(report);
  }

  private void partitions(LoweringReport report) {
    page.append("<h2>Partitions</h2>");
    head(
        "partition",
        "runs on",
        "nodes",
        "flops",
        "kernels",
        "before fusion",
        "bytes of intermediates",
        "if none shared memory",
        "at the least",
        "bytes copied at borders",
        "inputs",
        "outputs");
    for (LoweringReport.PartitionRow p : report.partitions()) {
      boolean isCompiled = p.kind().equals("ait");
      row(
          isCompiled,
          p.name(),
          isCompiled ? "library" : "libtorch",
          Integer.toString(p.nodes()),
          String.format(Locale.ROOT, "%.1f%%", 100 * p.flopsShare()),
          Integer.toString(p.kernels().size()),
          Integer.toString(p.kernelsBeforeFusion()),
          Long.toString(p.arenaBytes()),
          Long.toString(p.sumBytes()),
          Long.toString(p.liveBytes()),
          Long.toString(p.borderCopyBytes()),
          String.join("\n", p.inputs()),
          String.join("\n", p.outputs()));
    }
    page.append("</table>");
  }

  private void fallback(LoweringReport report) {
    page.append("<h2>On libtorch</h2>");
    head("operator", "how often", "why");
    report
        .fallbackOps()
        .forEach(
            (op, fate) ->
                row(false, op, Integer.toString(fate.count()), String.join("\n", fate.reasons())));
    page.append("</table>");
    report
        .demotions()
        .forEach(demotion -> page.append("<p>").append(text(demotion)).append("</p>"));
  }

  private void kernels(LoweringReport.PartitionRow partition) {
    page.append("<details><summary>")
        .append(text("%s: %d kernels".formatted(partition.name(), partition.kernels().size())))
        .append("</summary>");
    head("kernel", "kind", "tile", "computes");
    partition
        .kernels()
        .forEach(
            kernel ->
                row(
                    true,
                    kernel.name(),
                    kernel.how(),
                    kernel.choice(),
                    String.join(" + ", kernel.nodes())));
    page.append("</table></details>");
  }

  private void nodes(LoweringReport report) {
    page.append("<details><summary>All nodes</summary>");
    head("node", "operator", "in", "why not compiled", "source");
    report
        .nodes()
        .forEach(
            node ->
                row(
                    node.reason().isEmpty(),
                    node.name(),
                    node.op(),
                    String.join(", ", node.partitions()),
                    node.reason(),
                    node.source()));
    page.append("</table></details>");
  }

  private void head(String... titles) {
    page.append("<table><tr>");
    for (String title : titles) {
      page.append("<th>").append(text(title));
    }
  }

  private void row(boolean isCompiled, String... cells) {
    page.append(isCompiled ? "<tr>" : "<tr class=\"fallback\">");
    List<String> lines = new ArrayList<>();
    for (String cell : cells) {
      lines.add("<td>" + text(cell).replace("\n", "<br>"));
    }
    page.append(String.join("", lines));
  }

  /** Names come from the model's file. */
  private static String text(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
