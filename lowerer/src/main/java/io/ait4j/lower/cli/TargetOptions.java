package io.ait4j.lower.cli;

import io.ait4j.compiler.Precision;
import io.ait4j.compiler.build.Target;
import io.ait4j.fx.ModelException;
import io.ait4j.lower.text.SettingText;
import java.util.List;
import picocli.CommandLine.Option;

/** How a user says what to compile for. */
final class TargetOptions {
  @Option(
      names = "--target",
      paramLabel = "TARGET",
      defaultValue = "cpu",
      description =
          "What to compile for: cpu[:native|x86-64-v3|x86-64-v4] or cuda[:sm_90a,sm_80...]; cuda"
              + " alone is this machine's GPU. Repeat for more in one file. Default: cpu:native, this"
              + " machine's processor.")
  private List<String> targets;

  @Option(
      names = "--precision",
      paramLabel = "TYPE",
      defaultValue = "fp32",
      description =
          "In which floating-point numbers are kept between kernels: fp32, fp16 or bf16; sums are"
              + " fp32. tf32 is for GPUs: kept in fp32, rounded to TF32 as tensor cores multiply."
              + " Default: ${DEFAULT-VALUE}.")
  private String precision;

  Precision precision() {
    return SettingText.precision("--precision", precision);
  }

  Target target() {
    if (targets.size() > 1) {
      throw usage("one --target at a time here; 'convert' takes several");
    }
    return Target.parse(targets.getFirst());
  }

  /** All that were asked for, each once. */
  List<Target> targets() {
    return targets.stream().map(Target::parse).distinct().toList();
  }

  private static ModelException usage(String message) {
    return new ModelException(ModelException.Kind.USAGE, message);
  }
}
