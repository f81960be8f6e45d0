package io.ait4j.examples.sweep;

import io.ait4j.compiler.AitCompiler;
import io.ait4j.compiler.CompileReport.KernelReport;
import io.ait4j.compiler.CompiledPartition;
import io.ait4j.compiler.CompilerSettings;
import io.ait4j.compiler.select.KernelChoice;
import io.ait4j.fx.Arg;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.Weight;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A problem's library: it computes as many copies, each on tensors of its own, as it takes for
 * nothing to be in the GPU's cache when it comes round again.
 */
record Built(Problem problem, int copies, CompiledPartition partition) {
  private static final long BEYOND_CACHE = 128L << 20;
  private static final int MOST_COPIES = 64;

  /**
   * Compiles it.
   *
   * @param random numbers for weights, any length
   */
  static Built of(Problem problem, CompilerSettings settings, MemorySegment random, Arena arena) {
    int copies = Math.clamp(Math.ceilDiv(BEYOND_CACHE, problem.bytes()), 2, MOST_COPIES);
    CompiledPartition partition =
        new AitCompiler(settings).compile(graph(problem, copies, random, arena), arena::allocate);
    return new Built(problem, copies, partition);
  }

  static FxGraph graph(Problem problem, int copies, MemorySegment random, Arena arena) {
    FxGraphBuilder graph = new FxGraphBuilder(null);
    List<Arg> outputs = new ArrayList<>();
    for (int i = 0; i < copies; i++) {
      Arg input = graph.input("x" + i, problem.input());
      MemorySegment data = arena.allocate(problem.weight().numel().value() * 2, 64);
      repeat(random, data);
      Arg weight = graph.attribute(new Weight("w" + i, problem.weight(), data));
      outputs.add(problem.call(graph, input, weight));
    }
    return graph.build(outputs);
  }

  /** Fills memory with numbers, from their beginning again when they end. */
  static void repeat(MemorySegment random, MemorySegment data) {
    for (long at = 0; at < data.byteSize(); at += random.byteSize()) {
      long bytes = Math.min(random.byteSize(), data.byteSize() - at);
      data.asSlice(at, bytes).copyFrom(random.asSlice(0, bytes));
    }
  }

  /** Which tile it has and what the others took; empty where there was no choice. */
  Optional<KernelChoice> choice() {
    return partition.report().kernels().stream()
        .map(KernelReport::choice)
        .filter(Objects::nonNull)
        .findFirst();
  }

  /** Launches for each copy: more than one if tensors are laid out anew, for example. */
  double launches() {
    return (double) partition.report().kernels().size() / copies;
  }
}
