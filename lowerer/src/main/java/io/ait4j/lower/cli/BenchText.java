package io.ait4j.lower.cli;

import io.ait4j.lower.TextTable;
import io.ait4j.lower.bench.BenchResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What {@code bench} prints. */
final class BenchText {
  private BenchText() {}

  /** One model on one number of threads. */
  static String of(BenchResult result) {
    List<List<String>> rows = new ArrayList<>();
    boolean onDevice = result.rows().stream().anyMatch(row -> row.deviceMillis() != null);
    List<String> head = new ArrayList<>(List.of("", "median ms", "p99 ms", "min ms", "cpu ms"));
    if (onDevice) {
      head.add("device ms");
    }
    head.add("x ait4j");
    rows.add(head);
    for (BenchResult.Row row : result.rows()) {
      List<String> cells =
          new ArrayList<>(
              List.of(
                  row.name(),
                  number("%.3f", row.medianMillis()),
                  number("%.3f", row.p99Millis()),
                  number("%.3f", row.minMillis()),
                  number("%.3f", row.cpuMillis())));
      if (onDevice) {
        cells.add(row.deviceMillis() == null ? "-" : number("%.3f", row.deviceMillis()));
      }
      cells.add(number("%.2f", row.ratio()));
      rows.add(cells);
    }
    return "%s, %s, %d runs each, in turn%n%s%n"
        .formatted(result.model(), threads(result), result.runs(), TextTable.aligned(rows));
  }

  /** A line for each: ait4j's median, and the peers' as multiples of it. */
  static String summary(List<BenchResult> results) {
    List<List<String>> rows = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("model", "threads", "ait4j ms"));
    results.getFirst().rows().stream().skip(1).forEach(peer -> head.add(peer.name()));
    rows.add(head);
    for (BenchResult result : results) {
      List<String> row =
          new ArrayList<>(
              List.of(
                  result.model(),
                  Integer.toString(result.threads()),
                  number("%.3f", result.rows().getFirst().medianMillis())));
      result.rows().stream().skip(1).forEach(peer -> row.add(number("%.2f x", peer.ratio())));
      rows.add(row);
    }
    return TextTable.aligned(rows)
        + (head.size() > 3 ? "peers' medians over ait4j's: above 1 ait4j is faster\n" : "");
  }

  private static String threads(BenchResult result) {
    return result.threads() == 1 ? "1 thread" : result.threads() + " threads";
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
