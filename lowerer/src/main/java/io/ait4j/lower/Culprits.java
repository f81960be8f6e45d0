package io.ait4j.lower;

import io.ait4j.compiler.build.BuildProgress;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.ModelException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Finds the nodes for which a partition does not build, by halves. */
record Culprits(PartitionBuilder builder, Consumer<String> progress) {
  /** The nodes of a graph that does not build that do not build by themselves either. */
  List<FxNode> of(FxGraph graph) {
    List<FxNode> found = new ArrayList<>();
    search(graph, graph.nodes(), found);
    return found;
  }

  private void search(FxGraph graph, List<FxNode> failing, List<FxNode> found) {
    if (failing.size() == 1) {
      found.addAll(failing);
      return;
    }
    int before = found.size();
    int middle = failing.size() / 2;
    for (List<FxNode> half :
        List.of(failing.subList(0, middle), failing.subList(middle, failing.size()))) {
      progress.accept("looking for what does not build among %d nodes".formatted(half.size()));
      try (Arena arena = Arena.ofShared()) {
        if (failure(Slice.of(graph, half), arena).isPresent()) {
          search(graph, half, found);
        }
      }
    }
    if (found.size() == before) {
      found.addAll(failing); // each half builds, so it takes both to fail
    }
  }

  private Optional<String> failure(FxGraph graph, Arena arena) {
    try {
      builder.build(graph, arena, BuildProgress.NONE);
      return Optional.empty();
    } catch (RuntimeException e) {
      return Optional.of(reason(e));
    }
  }

  /**
   * Why a build failed.
   *
   * @throws ModelException the failure itself, if it is none of the graph's
   */
  static String reason(RuntimeException failure) {
    if (!(failure instanceof ModelException known)) {
      return "a defect of the compiler: " + failure;
    }
    if (known.kind() != ModelException.Kind.COMPILE) {
      throw known;
    }
    return known.getMessage();
  }
}
