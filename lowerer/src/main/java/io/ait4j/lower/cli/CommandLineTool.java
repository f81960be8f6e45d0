package io.ait4j.lower.cli;

import io.ait4j.lower.Version;
import java.io.PrintWriter;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/** The command {@code ait4j} and how it ends. */
@Command(
    name = "ait4j",
    mixinStandardHelpOptions = true,
    version = "ait4j " + Version.NUMBER,
    description = "Compiles PyTorch models into self-contained libraries and runs them from Java.",
    subcommands = {
      ConvertCommand.class,
      RunCommand.class,
      CheckCommand.class,
      RecompileCommand.class,
      ExportCommand.class,
      VerifyCommand.class,
      BenchCommand.class,
      ProfileCommand.class,
      InspectCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all went well",
      "1:a model does not agree with its recorded outputs",
      "2:wrong use: options, input shapes or dtypes, names",
      "3:a model, sample or .aitm file cannot be read or imported",
      "4:a partition cannot be compiled",
      "5:the module failed while running",
      "6:a file or folder cannot be written",
      "70:a defect of ait4j"
    })
public final class CommandLineTool implements Callable<Integer> {
  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of an error.")
  private boolean debug;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  private CommandLineTool() {}

  /** Runs one command and returns the process's exit code. */
  public static int run(String... args) {
    return run(new PrintWriter(System.out, true), new PrintWriter(System.err, true), args);
  }

  static int run(PrintWriter out, PrintWriter err, String... args) {
    CommandLineTool tool = new CommandLineTool();
    CommandLine line = new CommandLine(tool);
    ServiceLoader.load(Subcommand.class).forEach(line::addSubcommand);
    line.setOut(out)
        .setErr(err)
        .setExecutionExceptionHandler((e, command, parsed) -> tool.fail(e, err))
        .setParameterExceptionHandler(CommandLineTool::misuse);
    try {
      return line.execute(args);
    } catch (Error e) { // picocli hands over exceptions only
      return tool.fail(e, err);
    } finally { // a writer flushes by itself at the ends of lines only
      out.flush();
      err.flush();
    }
  }

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }

  private int fail(Throwable e, PrintWriter err) {
    ExitCode code = ExitCode.of(e);
    err.println(
        "ait4j: " + (code == ExitCode.INTERNAL ? "a defect of ait4j: " + e : e.getMessage()));
    if (debug) {
      e.printStackTrace(err);
    } else if (code == ExitCode.INTERNAL) {
      err.println("ait4j: --debug shows where");
    }
    return code.code();
  }

  private static int misuse(ParameterException e, String[] args) {
    CommandLine line = e.getCommandLine();
    line.getErr()
        .printf(
            "ait4j: %s%n'%s --help' lists what there is%n",
            e.getMessage(), line.getCommandSpec().qualifiedName());
    return ExitCode.USAGE.code();
  }
}
