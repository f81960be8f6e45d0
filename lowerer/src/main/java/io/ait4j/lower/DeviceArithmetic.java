package io.ait4j.lower;

import io.ait4j.compiler.build.MachineCode;
import io.ait4j.lower.LoweringReport.KernelRow;
import io.ait4j.lower.LoweringReport.PartitionRow;
import io.ait4j.lower.proto.PartitionEntry;
import io.ait4j.lower.proto.Variant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the kernels of a file for GPUs multiply with, from their machine code. */
final class DeviceArithmetic {
  private DeviceArithmetic() {}

  /** A target's report, the kernels' arithmetic in it if this machine has what reads the code. */
  static LoweringReport in(AitmFile file, Variant variant) {
    LoweringReport report = file.report(variant);
    Optional<MachineCode> reader =
        report.target().startsWith("cuda") ? MachineCode.find() : Optional.empty();
    if (reader.isEmpty()) {
      return report;
    }
    Map<String, Map<String, String>> found = new HashMap<>();
    for (PartitionEntry entry : variant.getPartitionsList()) {
      if (entry.hasLibrary()) {
        String library = entry.getLibrary().getEntry();
        found.put(entry.getName(), reader.get().arithmetic(file.whole(library)));
      }
    }
    return report.withPartitions(
        report.partitions().stream()
            .map(row -> row.withKernels(kernels(row, found.getOrDefault(row.name(), Map.of()))))
            .toList());
  }

  private static List<KernelRow> kernels(PartitionRow partition, Map<String, String> functions) {
    return partition.kernels().stream()
        .map(kernel -> kernel.withArithmetic(arithmetic(kernel.function(), functions)))
        .toList();
  }

  /** Of every variant, those that are alike once. */
  private static List<String> arithmetic(String function, Map<String, String> functions) {
    return functions.entrySet().stream()
        .filter(
            one ->
                !function.isEmpty()
                    && (one.getKey().equals(function) || one.getKey().startsWith(function + "_")))
        .map(Map.Entry::getValue)
        .distinct()
        .toList();
  }
}
