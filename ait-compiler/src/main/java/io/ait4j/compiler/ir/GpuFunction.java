package io.ait4j.compiler.ir;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A hand-written function's other self, on GPUs: some launches of one kernel. For {@code sort} of
 * {@code sort.h}
 *
 * <ul>
 *   <li>{@code sort_step.h} has the struct {@link #step}, what the launches differ in;
 *   <li>{@code sort_launch.h} has {@code bool ait::sort_launch<options...>(const ait::LaunchCall&,
 *       int64_t number, Step&, ait::Launch&, arguments...)}, which says how to launch for the
 *       {@code number}th time, or that there is no more to do;
 *   <li>{@code sort.cuh} has {@code void ait::sort_device<options...>(const ait::Call&, const
 *       Step&, arguments...)}, which runs in blocks of {@value #THREADS} threads.
 * </ul>
 *
 * The arguments are those of {@link FunctionKernel} and after them its workspaces.
 *
 * @param stem of the headers' names
 * @param step the struct's name, in namespace {@code ait}
 */
public record GpuFunction(String stem, String name, String step) {
  /** Threads of a block, whatever the function. */
  public static final int THREADS = 256;

  private static final Map<String, GpuFunction> ALL =
      Stream.of(
              new GpuFunction("scan", "scan", "ScanStep"),
              new GpuFunction("scan", "running_extreme", "ScanStep"),
              new GpuFunction("scan", "search_sorted", "ScanStep"),
              new GpuFunction("grid_sample", "grid_sample", "ElementStep"),
              new GpuFunction("roi_align", "roi_align", "ElementStep"),
              new GpuFunction("rnn", "recur_unpacked", "RecurStep"),
              new GpuFunction("scatter", "scatter", "ScatterStep"),
              new GpuFunction("scatter", "index_put", "ScatterStep"),
              new GpuFunction("scatter", "masked_scatter", "ScatterStep"),
              new GpuFunction("sort", "sort", "SortStep"),
              new GpuFunction("sort", "topk", "SortStep"),
              new GpuFunction("sort", "choose", "SortStep"),
              new GpuFunction("sort", "most_frequent", "SortStep"))
          .collect(Collectors.toUnmodifiableMap(GpuFunction::name, Function.identity()));

  /** That of a kernel; none if nobody has written it, or the header is not ours. */
  public static Optional<GpuFunction> of(FunctionKernel kernel) {
    return Optional.ofNullable(ALL.get(kernel.function()))
        .filter(f -> kernel.header().equals(Header.own(f.stem + ".h")));
  }

  /** The functions that there are. */
  public static Set<String> names() {
    return ALL.keySet();
  }

  /** What the device's code includes, and the host's. */
  public Header deviceHeader() {
    return Header.own(stem + ".cuh");
  }

  public Header hostHeader() {
    return Header.own(stem + "_launch.h");
  }
}
