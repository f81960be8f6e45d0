package io.ait4j.web.convert;

import io.ait4j.compiler.Precision;
import io.ait4j.compiler.build.CpuTarget;
import io.ait4j.compiler.build.Target;
import io.ait4j.fx.InputSpec;
import io.ait4j.fx.ModelException;
import io.ait4j.lower.IoPrecision;
import io.ait4j.lower.LowerSettings;
import io.ait4j.lower.text.InputText;
import io.ait4j.lower.text.SettingText;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Settings whose texts have been read.
 *
 * @param targets at least one, each once
 * @param lowering for the first of the targets
 */
record ParsedSettings(List<InputSpec> inputs, List<Target> targets, LowerSettings lowering) {
  private static final int MOST_TEXTS = 1000;
  private static final int LONGEST_TEXT = 1000;
  private static final int MOST_TARGETS = 8;

  /** Throws {@link ModelException} (USAGE) naming the member that is wrong. */
  static ParsedSettings of(ConversionSettings settings) {
    requireShort("inputs", settings.inputs());
    requireShort("exclude_ops", settings.excludeOps());
    requireShort("targets", settings.targets());
    List<Target> targets = targets(settings.targets());
    int least = settings.minPartitionSize() == null ? 1 : settings.minPartitionSize();
    if (least < 0) {
      throw usage("min_partition_size " + least + " is negative; use 0 or more");
    }
    LowerSettings lowering =
        LowerSettings.DEFAULT
            .withTarget(targets.getFirst())
            .withPrecision(precision("precision", settings.precision()).orElse(Precision.FP32))
            .withIo(
                new IoPrecision(
                    precision("input_precision", settings.inputPrecision()),
                    precision("output_precision", settings.outputPrecision())))
            .withMinPartitionSize(least)
            .withExcludedOps(Set.copyOf(settings.excludeOps()))
            .withRequireFull(settings.requireFull());
    if (settings.state() != null) {
      lowering = lowering.withState(SettingText.state("state", settings.state()));
    }
    if (settings.constants() != null) {
      lowering = lowering.withConstants(SettingText.constants("constants", settings.constants()));
    }
    if (lowering.state() == LowerSettings.State.EXTERNAL
        && Boolean.TRUE.equals(settings.verify())) {
      throw usage(
          "state external adds inputs that samples do not have; leave out either it or verify");
    }
    return new ParsedSettings(InputText.parse("inputs", settings.inputs()), targets, lowering);
  }

  private static List<Target> targets(List<String> texts) {
    if (texts.size() > MOST_TARGETS) {
      throw usage("targets has %d texts; use at most %d".formatted(texts.size(), MOST_TARGETS));
    }
    return texts.isEmpty()
        ? List.of(CpuTarget.NATIVE)
        : texts.stream().map(Target::parse).distinct().toList();
  }

  private static Optional<Precision> precision(String member, String text) {
    return text == null ? Optional.empty() : Optional.of(SettingText.precision(member, text));
  }

  private static void requireShort(String member, List<String> texts) {
    if (texts.size() > MOST_TEXTS || texts.stream().anyMatch(t -> t.length() > LONGEST_TEXT)) {
      throw usage(
          "%s takes at most %d texts of at most %d characters"
              .formatted(member, MOST_TEXTS, LONGEST_TEXT));
    }
  }

  private static ModelException usage(String message) {
    return new ModelException(ModelException.Kind.USAGE, message);
  }
}
