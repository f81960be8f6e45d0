package io.ait4j.lower.cli;

import io.ait4j.lower.LoweredFile;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ait4j check MODEL.aitm...}. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description =
        "Reads every byte of converted models and compares it with what was written. Loading does so"
            + " with code each time, with all else the first time.")
final class CheckCommand implements Callable<Integer> {
  @Parameters(arity = "1..*", paramLabel = "MODEL.aitm", description = "Files of 'convert'.")
  private List<Path> models;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    for (Path model : models) {
      long bytes = LoweredFile.check(model);
      spec.commandLine().getOut().printf("%s is whole: %d bytes%n", model, bytes);
    }
    return ExitCode.OK.code();
  }
}
