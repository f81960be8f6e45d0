package io.ait4j.fx.weights;

import io.ait4j.fx.FxGraph;
import io.ait4j.fx.GraphSignature;
import io.ait4j.fx.ImportedModel;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.Weight;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A graph whose weights come from a checkpoint, by name.
 *
 * @param graph with the weights of the checkpoint where it has them, else its own
 * @param missing parameters that the checkpoint lacks; they keep the model's values, so that a
 *     strict user refuses
 * @param misshapen weights that the checkpoint has in another shape or dtype, and which
 * @param kept buffers that the checkpoint lacks, which it may: they keep the model's values
 * @param extra tensors of the checkpoint that the graph does not read
 * @param stripped the prefix that all the checkpoint's names had before the model's; mostly empty
 */
public record WeightBinding(
    FxGraph graph,
    List<String> missing,
    List<String> misshapen,
    List<String> kept,
    List<String> extra,
    String stripped) {
  /** What DataParallel puts before the names of the model that it wraps. */
  private static final String WRAPPED = "module.";

  private static final int LONGEST_LIST = 20;

  public WeightBinding {
    missing = List.copyOf(missing);
    misshapen = List.copyOf(misshapen);
    kept = List.copyOf(kept);
    extra = List.copyOf(extra);
  }

  /**
   * The model with the weights of a checkpoint file in place of its own.
   *
   * @param model taken over: it is closed with the result, or at once if this fails
   * @throws ModelException (IMPORT) if the file cannot be read; (USAGE) listing the parameters that
   *     it lacks or has in another shape or dtype
   */
  public static ImportedModel bind(ImportedModel model, Path weights) {
    Arena arena = Arena.ofShared();
    Checkpoint checkpoint = null;
    try {
      checkpoint = Checkpoint.open(weights);
      FxGraph graph = of(model.graph(), checkpoint, arena).strict(checkpoint);
      Checkpoint opened = checkpoint;
      return new ImportedModel(
          graph,
          () -> {
            close(arena, opened);
            model.close();
          });
    } catch (RuntimeException e) {
      close(arena, checkpoint);
      model.close();
      throw e;
    }
  }

  private static void close(Arena arena, Checkpoint checkpoint) {
    if (arena.scope().isAlive()) {
      arena.close();
    }
    if (checkpoint != null) {
      checkpoint.close();
    }
  }

  /**
   * Binds what fits.
   *
   * @param arena for tensors whose strides the graph wants otherwise; the others stay in the
   *     checkpoint
   */
  public static WeightBinding of(FxGraph graph, Checkpoint checkpoint, Arena arena) {
    return new Search(checkpoint, arena).bind(graph);
  }

  /** The graph, if all that it needs was found. */
  private FxGraph strict(Checkpoint checkpoint) {
    if (missing.isEmpty() && misshapen.isEmpty()) {
      return graph;
    }
    StringBuilder text = new StringBuilder();
    text.append(checkpoint.source()).append(" does not fit the model");
    append(text, "it lacks", missing);
    append(text, "it has in another form", misshapen);
    append(text, "it has what the model does not read", extra);
    throw new ModelException(ModelException.Kind.USAGE, text.toString());
  }

  private static void append(StringBuilder text, String what, List<String> names) {
    if (!names.isEmpty()) {
      text.append("; ").append(what).append(": ");
      text.append(String.join(", ", names.subList(0, Math.min(LONGEST_LIST, names.size()))));
      if (names.size() > LONGEST_LIST) {
        text.append(" and ").append(names.size() - LONGEST_LIST).append(" more");
      }
    }
  }

  /** One binding in the making. */
  private static final class Search {
    private final Map<String, NativeTensor> tensors;
    private final Arena arena;
    private final String stripped;
    private final List<String> missing = new ArrayList<>();
    private final List<String> misshapen = new ArrayList<>();
    private final List<String> kept = new ArrayList<>();
    private final Set<String> used = new LinkedHashSet<>();

    Search(Checkpoint checkpoint, Arena arena) {
      this.arena = arena;
      boolean wrapped =
          !checkpoint.tensors().isEmpty()
              && checkpoint.tensors().keySet().stream().allMatch(n -> n.startsWith(WRAPPED));
      this.stripped = wrapped ? WRAPPED : "";
      this.tensors = new HashMap<>();
      checkpoint
          .tensors()
          .forEach((name, tensor) -> tensors.put(name.substring(stripped.length()), tensor));
    }

    WeightBinding bind(FxGraph graph) {
      List<Weight> all = new ArrayList<>(graph.weights().values());
      graph.signature().states().forEach(state -> all.add(state.initial()));
      Map<String, Weight> found = new HashMap<>();
      all.forEach(weight -> find(weight, all).ifPresent(w -> found.put(weight.name(), w)));
      Map<String, Weight> weights = new LinkedHashMap<>();
      graph
          .weights()
          .forEach(
              (value, weight) -> weights.put(value, found.getOrDefault(weight.name(), weight)));
      List<String> extra =
          tensors.keySet().stream().filter(n -> !used.contains(n)).sorted().toList();
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
                          s.input(),
                          s.output(),
                          found.getOrDefault(s.initial().name(), s.initial())))
              .toList();
      return new GraphSignature(
          signature.outputNames(), states, signature.inputMutations(), signature.guards());
    }

    /** What takes the place of {@code weight}; empty if it keeps its own value. */
    private Optional<Weight> find(Weight weight, List<Weight> all) {
      if (weight.kind() == Weight.Kind.CONSTANT) {
        return Optional.empty();
      }
      Optional<String> name = name(weight, all);
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
    private Optional<String> name(Weight weight, List<Weight> all) {
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
}
