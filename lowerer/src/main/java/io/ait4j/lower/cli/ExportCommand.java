package io.ait4j.lower.cli;

import io.ait4j.lower.Exporter;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ait4j export MODEL.aitm --so OUT.so}. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description =
        "Writes a self-contained library, constants inside, of a model that is compiled as a whole:"
            + " what C programs and AITemplate's clients load.")
final class ExportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MODEL.aitm", description = "A file that 'convert' wrote.")
  private Path model;

  @Option(
      names = "--so",
      required = true,
      paramLabel = "OUT.so",
      description = "The library to write; it appears whole or not at all.")
  private Path out;

  @Option(
      names = "--target",
      paramLabel = "TARGET",
      description = "Which of the file's targets, if it has several.")
  private String target;

  @Mixin private BuildOptions build;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter text = spec.commandLine().getOut();
    try (Progress progress = Progress.start()) {
      progress.accept("writing " + out);
      Exporter.Exported made =
          Exporter.export(model, Optional.ofNullable(target), build.settings(), out);
      text.printf("takes %s%n", String.join(", ", made.inputs()));
      text.printf("gives %s%n", String.join(", ", made.outputs()));
      if (!made.unread().isEmpty()) {
        text.printf("leaves out %s, which nothing reads%n", String.join(", ", made.unread()));
      }
    }
    return ExitCode.OK.code();
  }
}
