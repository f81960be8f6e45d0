package io.ait4j.fx.decompose;

import io.ait4j.fx.OpTarget;
import java.util.Optional;

/** Every operator that is said in terms of others, or put into its normal form. */
public final class Decompositions {
  private static final DecompositionTable TABLE = DecompositionTable.all();

  private Decompositions() {}

  /** How {@code target} is decomposed; empty if it stays as it is. */
  public static Optional<Decomposition> find(OpTarget target) {
    return TABLE.find(target);
  }

  /** All operators that have a decomposition, unmodifiable. */
  public static java.util.Set<OpTarget> all() {
    return TABLE.targets();
  }
}
