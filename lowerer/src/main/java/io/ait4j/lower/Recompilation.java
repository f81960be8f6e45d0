package io.ait4j.lower;

import io.ait4j.compiler.Precision;
import io.ait4j.compiler.build.Target;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.Weight;
import io.ait4j.lower.proto.ConstantRef;
import io.ait4j.lower.proto.PartitionEntry;
import io.ait4j.lower.proto.Variant;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A file's own graph, and the settings with which it was lowered, to do so again. */
record Recompilation(AitmFile file) {
  /**
   * The graph with its weights.
   *
   * @throws ModelException (USAGE) if the file has only what was folded from one of them
   */
  FxGraph graph() {
    Map<String, MemorySegment> weights = new HashMap<>();
    file.manifest().getConstantsList().forEach(ref -> add(ref, weights));
    for (Variant variant : file.manifest().getVariantsList()) {
      for (PartitionEntry partition : variant.getPartitionsList()) {
        partition.getLibrary().getConstantsList().forEach(ref -> add(ref, weights));
        partition.getFallback().getWeightsList().forEach(ref -> add(ref, weights));
      }
    }
    FxGraph graph = file.graph(AitmFile.GRAPH, weights::get);
    graph = withAttributes(graph, read(graph));
    List<String> missing =
        graph.attributes().stream()
            .map(FxValue::name)
            .filter(name -> !weights.containsKey(name))
            .toList();
    if (!missing.isEmpty()) {
      throw new ModelException(
          ModelException.Kind.USAGE,
          "%s has %d of the model's weights only as they were folded for its targets; convert the"
                  .formatted(file.path(), missing.size())
              + " model again, with --constants updatable to recompile that file later");
    }
    return graph;
  }

  /** Values that nodes or outputs read; libraries keep no weights beside them. */
  private static Set<String> read(FxGraph graph) {
    Set<String> read = new HashSet<>(graph.outputNames());
    graph.nodes().forEach(node -> read.addAll(node.inputs()));
    return read;
  }

  private static FxGraph withAttributes(FxGraph graph, Set<String> names) {
    Map<String, Weight> weights = new LinkedHashMap<>(graph.weights());
    weights.keySet().retainAll(names);
    return new FxGraph(
        graph.inputs(),
        graph.attributes().stream().filter(value -> names.contains(value.name())).toList(),
        graph.nodes(),
        graph.outputs(),
        weights,
        graph.signature());
  }

  private void add(ConstantRef ref, Map<String, MemorySegment> weights) {
    if (!ref.getSource().isEmpty()) {
      weights.put(ref.getSource(), file.whole(ref.getEntry()));
    }
  }

  /** The graph alone, every weight of it empty. */
  FxGraph withoutWeights() {
    return file.graph(AitmFile.GRAPH, name -> MemorySegment.NULL);
  }

  /**
   * The settings of one of the file's targets.
   *
   * @param others give what a file does not say
   */
  LowerSettings settings(Variant variant, LowerSettings others) {
    try {
      return RecordedSettings.restore(file.manifest().getLowering(), others)
          .withTarget(Target.parse(variant.getTarget()))
          .withPrecision(Precision.named(variant.getPrecision()).orElseThrow());
    } catch (RuntimeException e) {
      throw file.corrupt("it says unknown settings (" + e.getMessage() + ")", e);
    }
  }
}
