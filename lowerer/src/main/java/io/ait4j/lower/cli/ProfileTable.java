package io.ait4j.lower.cli;

import io.ait4j.compiler.KernelProfile;
import io.ait4j.compiler.MachineLimits;
import io.ait4j.lower.KernelTime;
import io.ait4j.lower.TextTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Profiles of several runs as text, the slowest kernel first. */
final class ProfileTable {
  private static final List<String> HEAD =
      List.of("time", "us", "Gflop/s", "GB/s", "limit", "of limit", "kernel", "kind", "nodes");

  /** Enough of a fused kernel's nodes to know it. */
  private static final int NODES = 6;

  private ProfileTable() {}

  static String text(List<List<KernelTime>> profiles, MachineLimits limits) {
    List<KernelTime> kernels = medians(profiles);
    double total = kernels.stream().mapToLong(k -> k.profile().nanos()).sum();
    long constants = kernels.stream().mapToLong(k -> k.profile().constantBytes()).sum();
    double least =
        kernels.stream().mapToDouble(k -> limits.leastNanos(k.profile(), constants)).sum();
    long flops = kernels.stream().mapToLong(k -> k.profile().flops()).sum();
    List<List<String>> rows = new ArrayList<>(List.of(HEAD));
    kernels.stream()
        .sorted(Comparator.comparingLong((KernelTime k) -> -k.profile().nanos()))
        .forEach(kernel -> rows.add(row(kernel, limits, total, constants)));
    return machine(limits)
        + TextTable.aligned(rows)
        + format(
            "%d kernels, %.3f ms, %.1f %% of multiply-add peak, %.1f %% of all limits%n",
            kernels.size(),
            total / 1e6,
            100 * flops / total * 1e9 / limits.flops(),
            100 * least / total);
  }

  private static String machine(MachineLimits limits) {
    StringBuilder text =
        new StringBuilder(format("This machine: %.1f Gflop/s", limits.flops() / 1e9));
    for (MachineLimits.Level level : limits.levels()) {
      text.append(
          format(
              "; %d KiB at %.1f GB/s read, %.1f copied",
              level.bytes() >> 10, level.read() / 1e9, level.copied() / 1e9));
    }
    return text.append(System.lineSeparator()).toString();
  }

  private static List<String> row(
      KernelTime kernel, MachineLimits limits, double total, long constants) {
    KernelProfile work = kernel.profile();
    double nanos = Math.max(1, work.nanos());
    double least = limits.leastNanos(work, constants);
    String limit = least == 0 ? "-" : limits.arithmeticNanos(work) >= least ? "flops" : "bytes";
    List<String> nodes = kernel.nodes();
    String shown = String.join(" ", nodes.subList(0, Math.min(NODES, nodes.size())));
    return List.of(
        format("%.1f%%", 100 * nanos / total),
        format("%.1f", nanos / 1e3),
        format("%.1f", work.flops() / nanos),
        format("%.1f", (work.bytes() + work.constantBytes()) / nanos),
        limit,
        least == 0 ? "-" : format("%.0f%%", 100 * least / nanos),
        work.name(),
        kernel.kind(),
        nodes.size() > NODES ? shown + " and " + (nodes.size() - NODES) + " more" : shown);
  }

  private static List<KernelTime> medians(List<List<KernelTime>> profiles) {
    List<KernelTime> medians = new ArrayList<>();
    for (int i = 0; i < profiles.getFirst().size(); i++) {
      int kernel = i;
      KernelTime first = profiles.getFirst().get(i);
      KernelProfile p = first.profile();
      long[] sorted =
          profiles.stream().mapToLong(run -> run.get(kernel).profile().nanos()).sorted().toArray();
      medians.add(
          new KernelTime(
              first.partition(),
              first.kind(),
              first.nodes(),
              new KernelProfile(
                  p.name(), sorted[sorted.length / 2], p.flops(), p.bytes(), p.constantBytes())));
    }
    return medians;
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
