package io.ait4j.lower.cli;

import io.ait4j.lower.verify.VerifyResult;
import java.util.Locale;

/** What {@code verify} prints. */
final class VerifyText {
  private VerifyText() {}

  /** The partitions and the agreement of one model. */
  static String of(VerifyResult result) {
    StringBuilder text = new StringBuilder("%s (%s)%n".formatted(result.name(), result.format()));
    if (result.report() != null) {
      result
          .report()
          .toString()
          .lines()
          .forEach(line -> text.append("  ").append(line).append('\n'));
    }
    return text.append("  ").append(agreement(result)).append('\n').toString();
  }

  /** The agreement alone. */
  static String agreement(VerifyResult result) {
    return switch (result.status()) {
      case OK -> "agrees with PyTorch: " + numbers(result) + vacuous(result);
      case MISMATCH ->
          "MISMATCH with PyTorch: " + result.error() + "; " + numbers(result) + vacuous(result);
      case IMPORT_ERROR -> "IMPORT ERROR: " + result.error();
      case COMPILE_ERROR -> "COMPILE ERROR: " + result.error();
      case RUN_ERROR -> "RUN ERROR: " + result.error();
    };
  }

  private static String numbers(VerifyResult result) {
    String text =
        "relative error %s, largest difference %s, %d bytes copied at borders"
            .formatted(
                number(result.relL2Error()),
                number(result.maxAbsError()),
                result.borderCopiesBytes());
    if (result.convertSeconds() != null) {
      text += String.format(Locale.ROOT, ", converted in %.1f s", result.convertSeconds());
    }
    return text + String.format(Locale.ROOT, ", ran in %.1f ms", result.runMs());
  }

  private static String number(Double value) {
    return value == null ? "unknown" : String.format(Locale.ROOT, "%.1e", value);
  }

  private static String vacuous(VerifyResult result) {
    return result.vacuous().isEmpty()
        ? ""
        : "; nothing to compare in " + String.join(", ", result.vacuous());
  }
}
