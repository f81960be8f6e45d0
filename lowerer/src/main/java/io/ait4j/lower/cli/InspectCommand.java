package io.ait4j.lower.cli;

import io.ait4j.fx.ImportedModel;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.reader.ModelFormat;
import io.ait4j.fx.reader.ModelReader;
import io.ait4j.lower.AitLowerer;
import io.ait4j.lower.LoweredFile;
import io.ait4j.lower.LoweringReport;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ait4j inspect FILE}. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description =
        "Shows a model: its inputs and outputs, how it is split, its graph, and where each operator"
            + " runs and why. The model may be converted, or one that could be; then nothing is"
            + " compiled. Of one for GPUs also the instructions that its kernels multiply with, if the"
            + " CUDA toolkit's cuobjdump is here. Runs nothing.")
final class InspectCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "FILE",
      description = "A file that 'convert' wrote, or one that it would read.")
  private Path file;

  @Option(
      names = "--json",
      description = "Print the report as JSON; of several targets, one after another.")
  private boolean json;

  @Option(names = "--html", description = "Print the report as an HTML page that needs no other.")
  private boolean html;

  @Mixin private InputOptions inputs;
  @Mixin private LoweringOptions lowering;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    LoweredFile model = read();
    if (json) {
      model.targets().forEach(target -> out.print(target.report().json()));
    } else if (html) {
      out.print(
          LoweringReport.html(model.targets().stream().map(LoweredFile.Target::report).toList()));
    } else {
      model.targets().forEach(target -> print(target, out));
      out.print(model.graph());
    }
    return ExitCode.OK.code();
  }

  private static void print(LoweredFile.Target target, PrintWriter out) {
    LoweringReport report = target.report();
    out.print(report);
    if (!target.compiler().isEmpty()) {
      out.printf("Compiled by %s%n", target.compiler());
      out.printf(
          "Needs %s%s%n",
          String.join(" ", target.instructions()),
          target.glibc().isEmpty() ? "" : ", GLIBC " + target.glibc());
    }
    for (LoweringReport.PartitionRow partition : report.partitions()) {
      if (!partition.kernels().isEmpty()) {
        out.printf(
            "%n%s launches %d kernels (%s), %d before fusion, for %d nodes, with %d bytes for"
                + " intermediates (%d if none shared memory%s, %d at the least):%n",
            partition.name(),
            partition.kernels().size(),
            kinds(partition),
            partition.kernelsBeforeFusion(),
            partition.nodes(),
            partition.arenaBytes(),
            partition.sumBytes(),
            types(partition),
            partition.liveBytes());
        partition
            .kernels()
            .forEach(
                kernel ->
                    out.printf(
                        "  %s %s%s: %s%n",
                        kernel.name(),
                        kernel.how(),
                        kernel.choice().isEmpty() ? "" : " [" + kernel.choice() + "]",
                        String.join(" + ", kernel.nodes())));
        if (partition.kernels().stream().allMatch(InspectCommand::isUnknown)) {
          out.println(
              "What they multiply with is not known: the CUDA toolkit's cuobjdump is neither on PATH"
                  + " nor in /usr/local/cuda/bin");
        }
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
  }

  /** Whether its machine code is there and nobody has read it. */
  private static boolean isUnknown(LoweringReport.KernelRow kernel) {
    return !kernel.function().isEmpty() && kernel.arithmetic().isEmpty();
  }

  /** {@code : 4096 float16, 32 float32}. */
  private static String types(LoweringReport.PartitionRow partition) {
    return partition.sumBytesByType().isEmpty()
        ? ""
        : partition.sumBytesByType().entrySet().stream()
            .map(type -> type.getValue() + " " + type.getKey())
            .collect(Collectors.joining(", ", ": ", ""));
  }

  /** {@code 12 attention, 48 gemm, 25 loop}. */
  private static String kinds(LoweringReport.PartitionRow partition) {
    Map<String, Long> counts =
        partition.kernels().stream()
            .collect(
                Collectors.groupingBy(
                    LoweringReport.KernelRow::kind, TreeMap::new, Collectors.counting()));
    return counts.entrySet().stream()
        .map(kind -> kind.getValue() + " " + kind.getKey())
        .collect(Collectors.joining(", "));
  }

  private LoweredFile read() {
    ModelFormat format;
    try {
      format = ModelFormat.of(file);
    } catch (ModelException noModel) {
      return converted(noModel);
    }
    try (ImportedModel model = ModelReader.read(file, inputs.settings(format))) {
      return new LoweredFile(
          List.of(
              new LoweredFile.Target(
                  AitLowerer.plan(model.graph(), lowering.settings()), "", List.of(), "")),
          model.graph().toString());
    }
  }

  private LoweredFile converted(ModelException noModel) {
    try {
      return LoweredFile.read(file);
    } catch (ModelException e) {
      throw file.toString().endsWith(".aitm") ? e : noModel;
    }
  }
}
