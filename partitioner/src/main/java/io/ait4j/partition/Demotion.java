package io.ait4j.partition;

import io.ait4j.fx.FxNode;
import io.ait4j.fx.FxValue;
import io.ait4j.partition.Partition.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;

/** Gives nodes that the compiler would take to the fallback, for the sake of the whole. */
final class Demotion {
  private final Dependencies dependencies;
  private final Kind[] kinds;
  private final Map<String, String> reasons;

  Demotion(Dependencies dependencies, Kind[] kinds, Map<String, String> reasons) {
    this.dependencies = dependencies;
    this.kinds = kinds;
    this.reasons = reasons;
  }

  /** What depends on weights alone and is read by the fallback alone is the fallback's. */
  void constantsOfTheFallback() {
    boolean[] constant = new boolean[kinds.length];
    for (int i = 0; i < kinds.length; i++) {
      constant[i] = true;
      for (String base : dependencies.reads.get(i)) {
        Integer source = dependencies.producer.get(base);
        constant[i] &=
            source == null
                ? dependencies.graph.weights().containsKey(base)
                : constant[source] && kinds[source] == Kind.AIT;
      }
    }
    for (int i = kinds.length - 1; i >= 0; i--) {
      if (kinds[i] == Kind.AIT && constant[i] && isReadByFallbackOnly(i)) {
        demote(i, "a constant that only the fallback reads");
      }
    }
  }

  private boolean isReadByFallbackOnly(int place) {
    boolean read = false;
    for (FxValue value : dependencies.results(place)) {
      if (dependencies.returned.contains(value.name())) {
        return false;
      }
      for (int reader : dependencies.readersOf(value.name())) {
        read = true;
        if (kinds[reader] == Kind.AIT) {
          return false;
        }
      }
    }
    return read;
  }

  /**
   * Where a list or another object that is no tensor would cross a border, takes what stands
   * between. True if there was such a place.
   */
  boolean betweenUncrossable(Phases phases) {
    for (int i = 0; i < kinds.length; i++) {
      for (FxValue value : dependencies.results(i)) {
        if (Phases.crossable(value.meta())) {
          continue;
        }
        for (int reader : dependencies.readersOf(value.name())) {
          if (phases.of()[reader] > phases.of()[i]) {
            String reason =
                "stands between the two ends of %" + value.name() + ", which is not a tensor";
            return demoteAncestors(reader, phases, phases.of()[i], reason);
          }
        }
      }
    }
    return false;
  }

  private boolean demoteAncestors(int place, Phases phases, int after, String reason) {
    Deque<Integer> open = new ArrayDeque<>();
    boolean[] seen = new boolean[kinds.length];
    open.add(place);
    boolean any = false;
    while (!open.isEmpty()) {
      int next = open.remove();
      if (seen[next] || phases.of()[next] <= after) {
        continue;
      }
      seen[next] = true;
      if (kinds[next] == Kind.AIT) {
        demote(next, reason);
        any = true;
      }
      for (int before : dependencies.predecessors.get(next)) {
        open.add(before);
      }
    }
    return any;
  }

  /**
   * Takes the smallest partition of the compiler that is below the minimum; one at a time, since
   * the others may grow by it. True if there was one.
   */
  boolean belowMinimum(Phases phases, int minimum) {
    if (phases.count() < 2) {
      return false;
    }
    Map<Integer, Integer> sizes = new TreeMap<>();
    for (int i = 0; i < kinds.length; i++) {
      if (kinds[i] == Kind.AIT) {
        sizes.merge(
            phases.of()[i], FreeOperators.isWork(dependencies.node(i)) ? 1 : 0, Integer::sum);
      }
    }
    int smallest = -1;
    for (Map.Entry<Integer, Integer> size : sizes.entrySet()) {
      if (size.getValue() < minimum && (smallest < 0 || size.getValue() < sizes.get(smallest))) {
        smallest = size.getKey();
      }
    }
    if (smallest < 0) {
      return false;
    }
    int size = sizes.get(smallest);
    String nodes = size + (size == 1 ? " node" : " nodes");
    for (int i = 0; i < kinds.length; i++) {
      if (phases.of()[i] == smallest) {
        demote(i, "partition of " + nodes + " is below the minimum of " + minimum);
      }
    }
    return true;
  }

  private void demote(int place, String reason) {
    FxNode node = dependencies.node(place);
    kinds[place] = Kind.FALLBACK;
    reasons.put(node.name(), reason);
  }
}
