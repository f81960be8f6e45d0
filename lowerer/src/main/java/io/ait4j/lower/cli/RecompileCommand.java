package io.ait4j.lower.cli;

import io.ait4j.compiler.build.Target;
import io.ait4j.lower.ModelConversion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ait4j recompile MODEL.aitm -o OUT.aitm}. */
@Command(
    name = "recompile",
    mixinStandardHelpOptions = true,
    description =
        "Compiles a converted model again from its own graph, for this machine or for other targets."
            + " The file must have been converted with --constants updatable, unless nothing of it"
            + " was folded.")
final class RecompileCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MODEL.aitm", description = "A file that 'convert' wrote.")
  private Path model;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "OUT.aitm",
      description = "The file to write; it appears whole or not at all.")
  private Path out;

  @Option(
      names = "--target",
      paramLabel = "TARGET",
      description =
          "What to compile for, as 'convert' takes it; repeat for more. Default: the file's own"
              + " targets.")
  private List<String> targets = new ArrayList<>();

  @Mixin private BuildOptions build;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    List<Target> wanted = targets.stream().map(Target::parse).distinct().toList();
    try (Progress progress = Progress.start()) {
      ModelConversion.recompile(
              model, wanted, build.settings(), out, step -> progress.accept(step.toString()))
          .forEach(spec.commandLine().getOut()::print);
    }
    return ExitCode.OK.code();
  }
}
