package io.ait4j.lower.cli;

import io.ait4j.lower.LoweringReport.CandidateRow;
import io.ait4j.lower.LoweringReport.KernelRow;
import java.util.Locale;

/** Which of its tiles a kernel has, and why, in words. */
final class TileText {
  private TileText() {}

  /** In brackets; empty for what comes in one form. */
  static String of(KernelRow kernel) {
    if (kernel.tile().isEmpty()) {
      return "";
    }
    String time =
        kernel.candidates().stream()
            .filter(row -> row.tile().equals(kernel.tile()) && row.micros() != null)
            .map(CandidateRow::micros)
            .map(micros -> String.format(Locale.ROOT, ", %.1f us", micros))
            .findFirst()
            .orElse("");
    return " [%s, %s, 1 of %d%s]"
        .formatted(kernel.tile(), kernel.chosenBy(), kernel.candidates().size(), time);
  }
}
