package io.ait4j.partition;

import io.ait4j.fx.Arg;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.Weight;
import io.ait4j.partition.Partition.Kind;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Cuts a graph along its phases. */
final class Cut {
  /** A partition in the making: which nodes of the graph, free ones included. */
  private static final class Piece {
    final Kind kind;
    final String name;
    final BitSet nodes = new BitSet();

    /** Values of free nodes that it hands out although they are views. */
    final Set<String> exported = new HashSet<>();

    Piece(Kind kind, String name) {
      this.kind = kind;
      this.name = name;
    }
  }

  private final Dependencies dependencies;
  private final Phases phases;
  private final Map<String, String> reasons;
  private final List<FxNode> nodes;
  private final Map<String, FxValue> values;

  /** By phase; ascending. */
  private final Map<Integer, Piece> pieces = new TreeMap<>();

  Cut(Dependencies dependencies, Phases phases, Map<String, String> reasons) {
    this.dependencies = dependencies;
    this.phases = phases;
    this.reasons = reasons;
    this.nodes = dependencies.graph.nodes();
    this.values = dependencies.graph.values();
  }

  PartitionPlan plan(
      Partitioner partitioner, Map<String, String> declined, Map<String, Double> flops) {
    makePieces();
    repeatFreeNodesForReaders();
    placeFreeNodesWithoutReaders();
    exportReturnedViews();
    Map<Piece, Set<String>> reads = reads();
    Set<String> leaving = new HashSet<>(dependencies.graph.outputNames());
    reads.values().forEach(leaving::addAll);
    List<Partition> partitions =
        pieces.values().stream().map(piece -> partition(piece, reads.get(piece), leaving)).toList();
    return new PartitionPlan(partitioner, dependencies.graph, partitions, fates(), declined, flops);
  }

  private void makePieces() {
    Map<Integer, BitSet> members = new TreeMap<>();
    for (int i = 0; i < dependencies.size(); i++) {
      members.computeIfAbsent(phases.of()[i], k -> new BitSet()).set(dependencies.work[i]);
    }
    int[] count = new int[Kind.values().length];
    members.forEach(
        (phase, set) -> {
          Kind kind = phases.kind(phase);
          Piece piece =
              new Piece(kind, kind.name().toLowerCase(Locale.ROOT) + count[kind.ordinal()]++);
          piece.nodes.or(set);
          pieces.put(phase, piece);
        });
    if (pieces.isEmpty() && !nodes.isEmpty()) {
      pieces.put(0, new Piece(Kind.AIT, "ait0"));
    }
  }

  private void repeatFreeNodesForReaders() {
    for (Piece piece : pieces.values()) {
      // Backwards, so that a chain of views is followed in one sweep.
      for (int i = nodes.size() - 1; i >= 0; i--) {
        if (piece.nodes.get(i)) {
          pullInputs(piece, i);
        }
      }
    }
  }

  private void pullInputs(Piece piece, int node) {
    for (String input : dependencies.inputs.get(node)) {
      Integer free = dependencies.freeProducer.get(input);
      if (free != null) {
        piece.nodes.set(free);
      }
    }
  }

  private void placeFreeNodesWithoutReaders() {
    for (int i = nodes.size() - 1; i >= 0; i--) {
      int index = i;
      if (pieces.values().stream().noneMatch(piece -> piece.nodes.get(index))) {
        Piece piece = home(nodes.get(i).result().name());
        piece.nodes.set(i);
        pullInputs(piece, i);
      }
    }
  }

  /**
   * Where the base of a view is made; for views of inputs and weights the first compiled piece, so
   * that what is returned is a copy of its own, else the first.
   */
  private Piece home(String view) {
    for (String base : dependencies.bases(Set.of(view))) {
      Integer place = dependencies.producer.get(base);
      if (place != null) {
        return pieces.get(phases.of()[place]);
      }
    }
    return pieces.values().stream()
        .filter(piece -> piece.kind == Kind.AIT)
        .findFirst()
        .orElseGet(() -> pieces.values().iterator().next());
  }

  /** On libtorch a second view of the same memory is free; compiled, it would be a copy. */
  private void exportReturnedViews() {
    for (String name : dependencies.graph.outputNames()) {
      Integer free = dependencies.freeProducer.get(name);
      if (free == null) {
        continue;
      }
      Piece home = home(name);
      Piece exporter =
          home.kind == Kind.FALLBACK
              ? home
              : pieces.values().stream()
                  .filter(piece -> piece.kind == Kind.FALLBACK && piece.nodes.get(free))
                  .findFirst()
                  .orElse(home);
      exporter.exported.add(name);
      exporter.nodes.set(free);
      for (int i = free; i >= 0; i--) {
        if (exporter.nodes.get(i)) {
          pullInputs(exporter, i);
        }
      }
    }
  }

  /** Names that each piece reads and does not define. */
  private Map<Piece, Set<String>> reads() {
    Map<Piece, Set<String>> reads = new HashMap<>();
    for (Piece piece : pieces.values()) {
      Set<String> read = new LinkedHashSet<>();
      piece.nodes.stream().forEach(i -> read.addAll(dependencies.inputs.get(i)));
      piece.nodes.stream()
          .forEach(i -> nodes.get(i).results().forEach(value -> read.remove(value.name())));
      reads.put(piece, read);
    }
    return reads;
  }

  private Partition partition(Piece piece, Set<String> read, Set<String> leaving) {
    FxGraph graph = dependencies.graph;
    List<FxNode> members = piece.nodes.stream().mapToObj(nodes::get).toList();
    List<FxValue> inputs =
        read.stream()
            .filter(name -> !graph.weights().containsKey(name))
            .map(values::get)
            .sorted(Comparator.comparingInt(value -> place(graph.inputs(), value)))
            .toList();
    List<FxValue> attributes =
        graph.attributes().stream().filter(value -> read.contains(value.name())).toList();
    Map<String, Weight> weights = new LinkedHashMap<>();
    attributes.forEach(value -> weights.put(value.name(), graph.weights().get(value.name())));
    List<Arg> outputs =
        members.stream()
            .flatMap(node -> node.results().stream())
            .map(FxValue::name)
            .filter(
                name ->
                    dependencies.freeProducer.containsKey(name)
                        ? piece.exported.contains(name)
                        : leaving.contains(name))
            .map(name -> (Arg) new Arg.Value(name))
            .sorted(Comparator.comparingInt(value -> place(graph.outputs(), value)))
            .toList();
    return new Partition(
        piece.name, piece.kind, new FxGraph(inputs, attributes, members, outputs, weights));
  }

  /** The model's inputs and outputs come first, in their order, so that a whole model keeps it. */
  private static int place(List<?> border, Object value) {
    int index = border.indexOf(value);
    return index < 0 ? border.size() : index;
  }

  private Map<String, Fate> fates() {
    Map<String, Fate> fates = new LinkedHashMap<>();
    for (int i = 0; i < nodes.size(); i++) {
      int index = i;
      List<Piece> holders =
          pieces.values().stream().filter(piece -> piece.nodes.get(index)).toList();
      boolean compiled = holders.stream().anyMatch(piece -> piece.kind == Kind.AIT);
      fates.put(
          nodes.get(i).name(),
          new Fate(
              compiled ? Kind.AIT : Kind.FALLBACK,
              holders.stream().map(piece -> piece.name).toList(),
              compiled
                  ? ""
                  : reasons.getOrDefault(nodes.get(i).name(), "only the fallback reads it")));
    }
    return fates;
  }
}
