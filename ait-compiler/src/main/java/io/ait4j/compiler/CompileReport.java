package io.ait4j.compiler;

import io.ait4j.compiler.select.KernelChoice;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of a partition.
 *
 * @param convertedKernels how many kernels the nodes are before any pass: what a run would launch
 *     without fusion
 * @param kernels the launches of a run, in order
 * @param foldKernels how many kernels ran once, when the library was built
 * @param arenaBytes memory for intermediates; this and all other bytes at the largest sizes that
 *     the graph's symbols allow, or at likely ones where their bounds say nothing
 * @param sumBytes what they would take without sharing memory, by the name of their type
 * @param liveBytes the most that is alive at one time: no plan can do with less
 * @param borderCopyBytes bytes that kernels move which the source graph does not, between the
 *     caller's tensors and the library's
 */
public record CompileReport(
    int convertedKernels,
    List<KernelReport> kernels,
    int foldKernels,
    long arenaBytes,
    Map<String, Long> sumBytes,
    long liveBytes,
    long borderCopyBytes) {
  public CompileReport {
    kernels = List.copyOf(kernels);
    sumBytes = Collections.unmodifiableMap(new TreeMap<>(sumBytes));
  }

  /**
   * A launch.
   *
   * @param kind {@code loop}, {@code copy} for one that only moves elements, to another layout for
   *     example, {@code gemm}, {@code conv}, {@code attention}, or the name of a function
   * @param origins the nodes of the source graph that it computes
   * @param choice which of its tiles it has; null for what comes in one form
   * @param function what the names of its functions on a GPU begin with; empty on CPUs, and before
   *     it is printed
   */
  public record KernelReport(
      String name, String kind, List<String> origins, KernelChoice choice, String function) {
    public KernelReport {
      origins = List.copyOf(origins);
    }
  }
}
