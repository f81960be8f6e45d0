package io.ait4j.fx.rules;

import io.ait4j.fx.OpTarget;
import java.util.Set;

/** The operators that normalisation keeps; every other one is decomposed or left to libtorch. */
public final class CoreOperators {
  private static final Set<OpTarget> ALL = RuleTable.core().targets();

  private CoreOperators() {}

  /** All of them, unmodifiable. */
  public static Set<OpTarget> all() {
    return ALL;
  }

  public static boolean contains(OpTarget target) {
    return ALL.contains(target);
  }
}
