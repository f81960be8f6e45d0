package io.ait4j.lower.cli;

import io.ait4j.lower.verify.VerifyResult;
import java.util.List;
import java.util.Locale;

/** What {@code verify} prints. */
final class VerifyText {
  private VerifyText() {}

  /** The partitions of one model and its agreement on each of its sets of inputs. */
  static String of(List<VerifyResult> cases) {
    VerifyResult first = cases.getFirst();
    StringBuilder text =
        new StringBuilder("%s (%s)%n".formatted(first.name(), VerifyTable.format(first)));
    if (first.report() != null) {
      first
          .report()
          .toString()
          .lines()
          .forEach(line -> text.append("  ").append(line).append('\n'));
    }
    for (VerifyResult result : cases) {
      text.append("  ");
      if (cases.size() > 1) {
        text.append(result.inputs()).append(": ");
      }
      text.append(agreement(result)).append('\n');
    }
    return text.toString();
  }

  /** The agreement alone. */
  static String agreement(VerifyResult result) {
    return switch (result.status()) {
      case OK ->
          "agrees with %s: ".formatted(reference(result)) + numbers(result) + vacuous(result);
      case MISMATCH ->
          "MISMATCH with %s: ".formatted(reference(result))
              + result.error()
              + "; "
              + numbers(result)
              + vacuous(result);
      case IMPORT_ERROR -> "IMPORT ERROR: " + result.error();
      case COMPILE_ERROR -> "COMPILE ERROR: " + result.error();
      case RUN_ERROR -> "RUN ERROR: " + result.error();
    };
  }

  private static String reference(VerifyResult result) {
    return switch (result.reference()) {
      case RECORDED -> "PyTorch";
      case LIBTORCH -> "libtorch";
    };
  }

  private static String numbers(VerifyResult result) {
    String text =
        "relative error %s, largest difference %s, %d bytes copied at borders"
            .formatted(
                number(result.relL2Error()),
                number(result.maxAbsError()),
                result.borderCopiesBytes());
    if (result.hostDeviceCopies() != null) {
      text += ", on %s, %s".formatted(result.device(), result.hostDeviceCopies());
    }
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
