package io.ait4j.lower.cli;

import io.ait4j.compiler.build.Target;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.WholeFile;
import io.ait4j.fx.reader.ModelFormat;
import io.ait4j.lower.LowerSettings;
import io.ait4j.lower.LoweringReport;
import io.ait4j.lower.ModelConversion;
import io.ait4j.lower.verify.SampleFile;
import io.ait4j.lower.verify.Verifier;
import io.ait4j.lower.verify.VerifyResult;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ait4j convert MODEL -o OUT.aitm}. */
@Command(
    name = "convert",
    mixinStandardHelpOptions = true,
    description =
        "Converts a model (TorchScript, torch.export .pt2, or ONNX, told by its content) to an .aitm"
            + " file.")
final class ConvertCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MODEL", description = "A model file.")
  private Path model;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "OUT.aitm",
      description = "The file to write; it appears whole or not at all.")
  private Path out;

  @Option(
      names = "--verify",
      description =
          "Then run the file on --sample-inputs and compare with the output0, output1, ... there.")
  private boolean verify;

  @Option(
      names = "--report",
      paramLabel = "FILE.json|.html",
      description =
          "Also write how the model was split, and why; for the first of several targets.")
  private Path reportFile;

  @Mixin private InputOptions inputs;
  @Mixin private LoweringOptions lowering;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (verify && inputs.sampleFiles().isEmpty()) {
      throw new ModelException(
          ModelException.Kind.USAGE, "--verify needs recorded tensors: give --sample-inputs");
    }
    if (verify) {
      lowering.requireSessions("--verify");
    }
    if (reportFile != null && !isHtml() && !reportFile.toString().endsWith(".json")) {
      throw new ModelException(
          ModelException.Kind.USAGE, "--report " + reportFile + ": it is either .json or .html");
    }
    List<Target> targets = lowering.targets();
    LowerSettings settings = lowering.settings(targets.getFirst());
    List<LoweringReport> reports;
    try (Progress progress = Progress.start()) {
      reports =
          ModelConversion.convert(
              model,
              inputs.settings(ModelFormat.of(model)),
              settings,
              targets,
              out,
              step -> progress.accept(step.toString()));
    }
    if (reportFile != null) {
      LoweringReport report = reports.getFirst();
      WholeFile.write(
          reportFile, part -> Files.writeString(part, isHtml() ? report.html() : report.json()));
    }
    PrintWriter text = spec.commandLine().getOut();
    reports.forEach(text::print);
    return verify ? verify(settings, text).code() : ExitCode.OK.code();
  }

  private boolean isHtml() {
    return reportFile.toString().endsWith(".html");
  }

  private ExitCode verify(LowerSettings settings, PrintWriter text) {
    ExitCode code = ExitCode.OK;
    for (Path file : inputs.sampleFiles()) {
      try (SampleFile sample = SampleFile.open(file)) {
        VerifyResult result = new Verifier(settings, OptionalDouble.empty()).verify(out, sample);
        text.println(VerifyText.agreement(result));
        code = result.status() == VerifyResult.Status.OK ? code : ExitCode.VERIFICATION_FAILED;
      }
    }
    return code;
  }
}
