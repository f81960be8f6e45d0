package io.ait4j.examples.sweep;

import io.ait4j.compiler.select.KernelChoice;
import io.ait4j.compiler.select.KernelChoice.Considered;
import java.util.Locale;
import java.util.Optional;

/**
 * What a problem took.
 *
 * @param micros ours
 * @param peerMicros PyTorch's; empty if nobody was asked
 */
record SweepRow(Built built, double micros, Optional<Double> peerMicros) {
  private static final String LINE = "%-32s %9s %8s %9s %8s %10s %8s %8s  %-30s %s";

  /** The columns' names. */
  static String titles() {
    return LINE.formatted(
        "problem",
        "us",
        "TFLOP/s",
        "torch us",
        "TFLOP/s",
        "torch/ours",
        "launches",
        "loss",
        "tile",
        "by cost, which loses so much");
  }

  /** How much longer the cost model's tile took than the fastest of those timed: 0.1 is 10 %. */
  Optional<Double> loss() {
    return built
        .choice()
        .filter(choice -> choice.candidates().stream().noneMatch(c -> Double.isNaN(c.micros())))
        .map(KernelChoice::candidates)
        .map(
            all ->
                all.getFirst().micros()
                        / all.stream().mapToDouble(Considered::micros).min().orElseThrow()
                    - 1);
  }

  /** PyTorch's time in ours: above 1 we are faster. */
  Optional<Double> ratio() {
    return peerMicros.map(peer -> peer / micros);
  }

  private String tera(double us) {
    return "%.0f".formatted(built.problem().flops() / us / 1e6);
  }

  @Override
  public String toString() {
    return LINE.formatted(
        built.problem().name(),
        number(micros),
        tera(micros),
        peerMicros.map(SweepRow::number).orElse("-"),
        peerMicros.map(this::tera).orElse("-"),
        ratio().map(r -> String.format(Locale.ROOT, "%.2f", r)).orElse("-"),
        String.format(Locale.ROOT, "%.3g", built.launches()),
        loss().map(l -> String.format(Locale.ROOT, "%.0f%%", 100 * l)).orElse("-"),
        built.choice().map(KernelChoice::tile).map(SweepRow::brief).orElse("-"),
        built.choice().map(c -> brief(c.candidates().getFirst().tile())).orElse("-"));
  }

  private static String number(double us) {
    return String.format(Locale.ROOT, us < 100 ? "%.2f" : "%.0f", us);
  }

  private static String brief(String tile) {
    return tile.replace("ait::", "").replace(" ", "");
  }
}
