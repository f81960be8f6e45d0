package io.ait4j.fx.weights;

import io.ait4j.fx.FxGraph;
import io.ait4j.fx.GraphSignature;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.Weight;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds a checkpoint's tensor for each weight of a graph. */
final class BindingSearch {
  /** What DataParallel puts before the names of the model that it wraps. */
  private static final String WRAPPED = "module.";

  private final Map<String, NativeTensor> tensors = new HashMap<>();
  private final List<Weight> all = new ArrayList<>();
  private final FxGraph graph;
  private final Arena arena;
  private final String stripped;
  private final List<String> missing = new ArrayList<>();
  private final List<String> misshapen = new ArrayList<>();
  private final List<String> kept = new ArrayList<>();
  private final Set<String> used = new LinkedHashSet<>();

  BindingSearch(FxGraph graph, Checkpoint checkpoint, Arena arena) {
    this.graph = graph;
    this.arena = arena;
    all.addAll(graph.weights().values());
    graph.signature().states().forEach(state -> all.add(state.initial()));
    Set<String> names = checkpoint.tensors().keySet();
    boolean wrapped =
        !names.isEmpty()
            && names.stream().allMatch(n -> n.startsWith(WRAPPED))
            && all.stream().noneMatch(w -> w.name().startsWith(WRAPPED));
    this.stripped = wrapped ? WRAPPED : "";
    checkpoint.tensors().forEach((name, t) -> tensors.put(name.substring(stripped.length()), t));
  }

  WeightBinding bind() {
    Map<String, Weight> found = new HashMap<>();
    all.forEach(weight -> find(weight).ifPresent(w -> found.put(weight.name(), w)));
    Map<String, Weight> weights = new LinkedHashMap<>();
    graph
        .weights()
        .forEach((value, weight) -> weights.put(value, found.getOrDefault(weight.name(), weight)));
    List<String> extra = tensors.keySet().stream().filter(n -> !used.contains(n)).sorted().toList();
    return new WeightBinding(
        new FxGraph(
            graph.inputs(),
            graph.attributes(),
            graph.nodes(),
            graph.outputs(),
            weights,
            signature(graph.signature(), found)),
        missing,
        misshapen,
        kept,
        extra,
        stripped);
  }

  private static GraphSignature signature(GraphSignature signature, Map<String, Weight> found) {
    List<GraphSignature.State> states =
        signature.states().stream()
            .map(
                s ->
                    new GraphSignature.State(
                        s.input(), s.output(), found.getOrDefault(s.initial().name(), s.initial())))
            .toList();
    return new GraphSignature(
        signature.outputNames(), states, signature.inputMutations(), signature.guards());
  }

  /** What takes the place of {@code weight}; empty if it keeps its own value. */
  private Optional<Weight> find(Weight weight) {
    if (weight.kind() == Weight.Kind.CONSTANT) {
      return Optional.empty();
    }
    Optional<String> name = name(weight);
    if (name.isEmpty()) {
      (weight.kind() == Weight.Kind.BUFFER ? kept : missing).add(weight.name());
      return Optional.empty();
    }
    used.add(name.get());
    NativeTensor tensor = tensors.get(name.get());
    Optional<MemorySegment> data = Restrided.as(weight.meta(), tensor, arena);
    if (data.isEmpty()) {
      misshapen.add(weight.name() + " (" + tensor + " for " + weight.meta() + ")");
    }
    return data.map(d -> new Weight(weight.name(), weight.meta(), d, weight.kind()));
  }

  /** Its own name, or that of a weight it is tied to: checkpoints keep one name of several. */
  private Optional<String> name(Weight weight) {
    if (tensors.containsKey(weight.name())) {
      return Optional.of(weight.name());
    }
    return all.stream()
        .filter(other -> isTied(weight, other) && tensors.containsKey(other.name()))
        .map(Weight::name)
        .findFirst();
  }

  private static boolean isTied(Weight a, Weight b) {
    return a.data().byteSize() > 0
        && a.data().address() == b.data().address()
        && a.meta().equals(b.meta());
  }
}
