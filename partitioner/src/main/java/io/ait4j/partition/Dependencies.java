package io.ait4j.partition;

import io.ait4j.fx.Arg;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.FxValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Who reads whom in a graph, seen through its free nodes: a reader of a view counts as a reader of
 * the view's base.
 */
final class Dependencies {
  final FxGraph graph;

  /** Index in the graph of each node that has a place of its own, ascending. */
  final int[] work;

  /** For each node of the graph, the values it reads, captures of blocks included. */
  final List<Set<String>> inputs = new ArrayList<>();

  /** By position in {@link #work}: the bases a node reads. */
  final List<Set<String>> reads = new ArrayList<>();

  /** By position in {@link #work}: positions of the nodes whose values it reads. */
  final List<int[]> predecessors = new ArrayList<>();

  /** By base value: positions in {@link #work} of its readers. */
  final Map<String, List<Integer>> readers = new HashMap<>();

  /** Position in {@link #work} of the node that yields a base value; none for inputs, weights. */
  final Map<String, Integer> producer = new HashMap<>();

  /** Bases of what the graph returns. */
  final Set<String> returned = new LinkedHashSet<>();

  /** Index in the graph of the free node that yields a value. */
  final Map<String, Integer> freeProducer = new HashMap<>();

  private final Map<String, Set<String>> basesOfFree = new HashMap<>();

  Dependencies(FxGraph graph, Predicate<FxNode> free) {
    this.graph = graph;
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < graph.nodes().size(); i++) {
      FxNode node = graph.nodes().get(i);
      Set<String> names = node.inputs();
      inputs.add(names);
      Set<String> bases = bases(names);
      if (free.test(node)) {
        freeProducer.put(node.result().name(), i);
        basesOfFree.put(node.result().name(), bases);
      } else {
        add(node, bases, places.size());
        places.add(i);
      }
    }
    work = places.stream().mapToInt(Integer::intValue).toArray();
    for (Arg output : graph.outputs()) {
      output.forEachValue(name -> returned.addAll(bases(Set.of(name))));
    }
  }

  private void add(FxNode node, Set<String> bases, int place) {
    reads.add(bases);
    Set<Integer> before = new LinkedHashSet<>();
    for (String base : bases) {
      readers.computeIfAbsent(base, k -> new ArrayList<>()).add(place);
      Integer source = producer.get(base);
      if (source != null) {
        before.add(source);
      }
    }
    predecessors.add(before.stream().mapToInt(Integer::intValue).toArray());
    node.results().forEach(value -> producer.put(value.name(), place));
  }

  int size() {
    return work.length;
  }

  FxNode node(int place) {
    return graph.nodes().get(work[place]);
  }

  List<FxValue> results(int place) {
    return node(place).results();
  }

  /** The values that these are, or are views of. */
  Set<String> bases(Set<String> names) {
    Set<String> bases = new LinkedHashSet<>();
    for (String name : names) {
      Set<String> through = basesOfFree.get(name);
      if (through == null) {
        bases.add(name);
      } else {
        bases.addAll(through);
      }
    }
    return bases;
  }

  List<Integer> readersOf(String base) {
    return readers.getOrDefault(base, List.of());
  }
}
