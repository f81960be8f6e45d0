package io.ait4j.partition;

import io.ait4j.fx.Dim;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.ValueMeta;
import io.ait4j.partition.Partition.Kind;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Deals nodes into phases of alternating kind.
 *
 * @param start kind of phase 0
 * @param of phase of each node, by its place in {@link Dependencies#work}
 */
record Phases(Kind start, int[] of) {
  /** The fewest phases that there can be; of two ways, the one that starts on the compiler. */
  static Phases assign(Dependencies dependencies, Kind[] kinds) {
    Phases compilerFirst = assign(dependencies, kinds, Kind.AIT);
    Phases fallbackFirst = assign(dependencies, kinds, Kind.FALLBACK);
    return fallbackFirst.count() < compilerFirst.count() ? fallbackFirst : compilerFirst;
  }

  private static Phases assign(Dependencies dependencies, Kind[] kinds, Kind start) {
    int[] of = new int[dependencies.size()];
    for (int i = 0; i < of.length; i++) {
      int phase = 0;
      for (int before : dependencies.predecessors.get(i)) {
        phase = Math.max(phase, of[before]);
      }
      of[i] = kindOf(start, phase) == kinds[i] ? phase : phase + 1;
    }
    Phases phases = new Phases(start, of);
    phases.sink(dependencies);
    return phases;
  }

  Kind kind(int phase) {
    return kindOf(start, phase);
  }

  /** Phases that hold a node. */
  long count() {
    return Arrays.stream(of).distinct().count();
  }

  private static Kind kindOf(Kind start, int phase) {
    return phase % 2 == 0 ? start : start.other();
  }

  /**
   * Moves nodes to the phase of their first reader where that saves bytes over the borders. Inputs
   * and weights of the graph are at hand everywhere and cost nothing.
   */
  private void sink(Dependencies dependencies) {
    Map<String, FxValue> values = new HashMap<>();
    for (int i = 0; i < of.length; i++) {
      dependencies.results(i).forEach(value -> values.put(value.name(), value));
    }
    for (int i = of.length - 1; i >= 0; i--) {
      int target = firstReader(dependencies, i);
      if (target <= of[i] || target == Integer.MAX_VALUE || kind(target) != kind(of[i])) {
        continue;
      }
      double saved = 0;
      for (FxValue value : dependencies.results(i)) {
        if (!dependencies.returned.contains(value.name())
            && dependencies.readersOf(value.name()).stream().allMatch(r -> of[r] == target)) {
          saved += bytes(value);
        }
      }
      double added = 0;
      for (String base : dependencies.reads.get(i)) {
        Integer source = dependencies.producer.get(base);
        if (source != null && !crosses(dependencies, base, source)) {
          added += bytes(values.get(base));
        }
      }
      if (added <= saved) {
        of[i] = target;
      }
    }
  }

  private int firstReader(Dependencies dependencies, int place) {
    int first = Integer.MAX_VALUE;
    for (FxValue value : dependencies.results(place)) {
      for (int reader : dependencies.readersOf(value.name())) {
        first = Math.min(first, of[reader]);
      }
    }
    return first;
  }

  private boolean crosses(Dependencies dependencies, String base, int source) {
    return dependencies.returned.contains(base)
        || dependencies.readersOf(base).stream().anyMatch(reader -> of[reader] != of[source]);
  }

  /** Largest size; what cannot cross a border at all is worth any price. */
  private static double bytes(FxValue value) {
    return switch (value.meta()) {
      case TensorMeta tensor -> {
        long max = tensor.numel().max();
        yield (max == Dim.UNBOUNDED ? 1e12 : max) * tensor.dtype().bytes();
      }
      case ValueMeta.Scalar scalar -> 8;
      case ValueMeta other -> crossable(other) ? 1e6 : 1e30;
    };
  }

  /** True if a partition can hand such a value to another: tensors, and numbers as 0-d tensors. */
  static boolean crossable(ValueMeta meta) {
    return switch (meta) {
      case TensorMeta tensor -> true;
      case ValueMeta.Scalar scalar -> true;
      case ValueMeta.Opaque opaque -> opaque.type().equals("Tensor");
      case ValueMeta.Sequence sequence -> false;
    };
  }
}
