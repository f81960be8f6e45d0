package io.ait4j.lower.cli;

import io.ait4j.compiler.AitCompiler;
import io.ait4j.compiler.Precision;
import io.ait4j.compiler.build.Target;
import io.ait4j.compiler.select.Profiling;
import io.ait4j.fx.ModelException;
import io.ait4j.lower.IoPrecision;
import io.ait4j.lower.LowerSettings;
import io.ait4j.lower.text.SettingText;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a user says how to lower a model. */
final class LoweringOptions {
  @Mixin private TargetOptions target;

  @Option(
      names = "--input-precision",
      paramLabel = "TYPE",
      description =
          "In which type callers pass floating-point inputs: fp32, fp16 or bf16. Default: the"
              + " model's own.")
  private String inputPrecision;

  @Option(
      names = "--output-precision",
      paramLabel = "TYPE",
      description = "In which type they get floating-point outputs. Default: the model's own.")
  private String outputPrecision;

  @Option(
      names = "--min-partition-size",
      paramLabel = "N",
      defaultValue = "1",
      description = "Leave partitions of fewer nodes to libtorch. Default: ${DEFAULT-VALUE}.")
  private int minPartitionSize;

  @Option(
      names = "--exclude-op",
      paramLabel = "OP",
      description =
          "Leave an operator to libtorch: aten::add for all overloads, aten::add.Tensor for one."
              + " Repeat for more.")
  private Set<String> excludedOps = new LinkedHashSet<>();

  @Option(
      names = "--require-full",
      description = "Fail, and say why, rather than leave anything to libtorch.")
  private boolean requireFull;

  @Option(
      names = "--state",
      paramLabel = "WHERE",
      defaultValue = "session",
      description =
          "Where the buffers live that the model writes: session, or external, which makes them"
              + " inputs and outputs after the model's own. Default: ${DEFAULT-VALUE}.")
  private String state;

  @Option(
      names = "--without-pass",
      paramLabel = "PASS",
      description =
          "Leave a pass of the compiler out, to find out what it does; results stay the same."
              + " Repeat for more. An unknown name lists them.")
  private Set<String> withoutPasses = new LinkedHashSet<>();

  @Option(
      names = "--profile",
      paramLabel = "SIZES",
      defaultValue = "likely",
      description =
          "How kernels of GPUs are chosen where there is one: by timing them at likely, largest or"
              + " smallest sizes, or off, by the cost model, which is faster. Default:"
              + " ${DEFAULT-VALUE}.")
  private String profile;

  @Option(
      names = "--cache-dir",
      paramLabel = "DIR",
      description =
          "Where compiled libraries and converted models are kept. Default: ait4j in the user's"
              + " cache folder.")
  private Path cacheDir;

  @Option(
      names = "--no-cache",
      description = "Compile all anew, and keep nothing in the cache folder.")
  private boolean noCache;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "0",
      description = "Most threads to compile and run on. Default: one for each processor.")
  private int threads;

  @Option(
      names = "--constants",
      paramLabel = "HOW",
      defaultValue = "bound",
      description =
          "Which weights the file keeps: bound, those that runs read; or updatable, also those that"
              + " are folded or packed, so that they can be set anew and the file recompiled."
              + " Default: ${DEFAULT-VALUE}.")
  private String constants;

  /** All targets that were asked for, each once. */
  List<Target> targets() {
    return target.targets();
  }

  /** For one target. */
  LowerSettings settings() {
    return settings(target.target());
  }

  LowerSettings settings(Target target) {
    if (minPartitionSize < 0 || threads < 0) {
      throw usage("--min-partition-size and --threads take numbers from 0 on");
    }
    LowerSettings settings =
        LowerSettings.DEFAULT
            .withTarget(target)
            .withPrecision(this.target.precision())
            .withIo(
                new IoPrecision(
                    precision("--input-precision", inputPrecision),
                    precision("--output-precision", outputPrecision)))
            .withMinPartitionSize(minPartitionSize)
            .withExcludedOps(excludedOps)
            .withThreads(threads)
            .withRequireFull(requireFull)
            .withState(SettingText.state("--state", state))
            .withoutPasses(withoutPasses())
            .withReuse(!noCache)
            .withConstants(SettingText.constants("--constants", constants))
            .withProfiling(profiling());
    return cacheDir == null ? settings : settings.withCacheDir(cacheDir);
  }

  /**
   * Throws {@link ModelException} (USAGE) if state is to be external: recordings have none.
   *
   * @param what compares with recordings
   */
  void requireSessions(String what) {
    if (SettingText.state("--state", state) == LowerSettings.State.EXTERNAL) {
      throw usage(
          "--state external adds inputs that recordings do not have; leave it out of " + what);
    }
  }

  private Set<String> withoutPasses() {
    Set<String> names = new LinkedHashSet<>();
    for (String given : withoutPasses) {
      String name = given.replace('-', ' ');
      if (!AitCompiler.passes().contains(name)) {
        throw usage(
            "--without-pass "
                + given
                + " is no pass that can be left out; use one of "
                + AitCompiler.passes().stream()
                    .map(pass -> pass.replace(' ', '-'))
                    .collect(Collectors.joining(", ")));
      }
      names.add(name);
    }
    return names;
  }

  private Profiling profiling() {
    return Arrays.stream(Profiling.values())
        .filter(value -> value.toString().equals(profile))
        .findFirst()
        .orElseThrow(
            () ->
                usage(
                    "--profile " + profile + " is unknown; use likely, largest, smallest or off"));
  }

  private static Optional<Precision> precision(String option, String text) {
    return text == null ? Optional.empty() : Optional.of(SettingText.precision(option, text));
  }

  private static ModelException usage(String message) {
    return new ModelException(ModelException.Kind.USAGE, message);
  }
}
