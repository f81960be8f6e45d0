package io.ait4j.lower.cli;

import io.ait4j.lower.LoweredFile;
import io.ait4j.lower.LoweringReport;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ait4j inspect FILE}. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description =
        "Shows a converted model: its inputs and outputs, its partitions, its graph, and where each"
            + " operator runs and why. Runs nothing.")
final class InspectCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE.aitm", description = "A file that 'convert' wrote.")
  private Path file;

  @Option(names = "--json", description = "Print the report as JSON.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    LoweredFile lowered = LoweredFile.read(file);
    LoweringReport report = lowered.report();
    if (json) {
      out.print(report.json());
      return ExitCode.OK.code();
    }
    out.print(report);
    for (LoweringReport.PartitionRow partition : report.partitions()) {
      if (!partition.kernels().isEmpty()) {
        out.printf(
            "%n%s launches, with %d bytes for intermediates:%n",
            partition.name(), partition.arenaBytes());
        partition
            .kernels()
            .forEach(
                kernel ->
                    out.printf(
                        "  %s %s: %s%n",
                        kernel.name(), kernel.kind(), String.join(" + ", kernel.nodes())));
      }
    }
    out.println();
    for (LoweringReport.NodeRow node : report.nodes()) {
      out.printf(
          "%s %s in %s%s%s%n",
          node.name(),
          node.op(),
          String.join(", ", node.partitions()),
          node.reason().isEmpty() ? "" : ": " + node.reason(),
          node.source().isEmpty() ? "" : "  # " + node.source());
    }
    out.println();
    out.print(lowered.graph());
    return ExitCode.OK.code();
  }
}
