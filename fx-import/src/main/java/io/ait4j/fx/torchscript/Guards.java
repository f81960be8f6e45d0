package io.ait4j.fx.torchscript;

import io.ait4j.fx.Dim;
import io.ait4j.fx.Guard;
import io.ait4j.fx.Guard.Relation;
import io.ait4j.fx.memory.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What has to hold of the symbols for the graph being read to be right. */
final class Guards {
  private final Context context;
  private final List<Guard> guards = new ArrayList<>();

  Guards(Context context) {
    this.context = context;
  }

  List<Guard> all() {
    return List.copyOf(guards);
  }

  /** Adds a guard unless the bounds imply it; refuses the model if they contradict it. */
  void require(Guard guard) {
    Optional<Boolean> known = decide(guard.left(), guard.relation(), guard.right());
    if (known.isPresent() && !known.get()) {
      throw context.refuse(
          "for no size in the ranges declared does %s hold, as %s needs"
              .formatted(guard, guard.reason()));
    }
    boolean isNew =
        guards.stream()
            .noneMatch(
                g ->
                    g.left().equals(guard.left())
                        && g.relation() == guard.relation()
                        && g.right().equals(guard.right()));
    if (known.isEmpty() && isNew) {
      guards.add(guard);
    }
  }

  /** Whether a relation holds for all values of the symbols, or for none; empty if for some. */
  static Optional<Boolean> decide(Dim left, Relation relation, Dim right) {
    Dim difference = left.minus(right);
    long min = difference.min();
    long max = difference.max();
    return switch (relation) {
      case EQ -> equal(difference);
      case NE -> equal(difference).map(e -> !e);
      case LT -> max < 0 ? Optional.of(true) : min >= 0 ? Optional.of(false) : Optional.empty();
      case LE -> max <= 0 ? Optional.of(true) : min > 0 ? Optional.of(false) : Optional.empty();
    };
  }

  private static Optional<Boolean> equal(Dim difference) {
    if (difference.is(0)) {
      return Optional.of(true);
    }
    return difference.min() > 0 || difference.max() < 0 ? Optional.of(false) : Optional.empty();
  }
}
