package io.ait4j.fx.rules;

import io.ait4j.fx.OpTarget;
import java.util.Set;

/**
 * Operators outside the core set that normalisation leaves as they are, at least in some forms, and
 * whose results {@link ShapeRules} types all the same: they run on libtorch, and what follows them
 * is typed as ever.
 */
public final class FallbackOperators {
  private static final Set<OpTarget> ALL = RuleTable.fallback().targets();
  private static final Set<OpTarget> RANDOM = RuleTable.random().targets();

  private FallbackOperators() {}

  /** All of them, unmodifiable. */
  public static Set<OpTarget> all() {
    return ALL;
  }

  /**
   * Those that draw random numbers whatever their arguments: each run asks libtorch anew, so no
   * pass may compute them once or merge two of them. Unmodifiable.
   */
  public static Set<OpTarget> random() {
    return RANDOM;
  }

  public static boolean contains(OpTarget target) {
    return ALL.contains(target);
  }
}
