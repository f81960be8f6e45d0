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

  private FallbackOperators() {}

  /** All of them, unmodifiable. */
  public static Set<OpTarget> all() {
    return ALL;
  }

  public static boolean contains(OpTarget target) {
    return ALL.contains(target);
  }
}
