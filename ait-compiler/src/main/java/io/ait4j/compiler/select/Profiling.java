package io.ait4j.compiler.select;

import io.ait4j.compiler.pass.Schedule;
import io.ait4j.fx.Dim;
import io.ait4j.fx.LikelySizes;
import java.util.HashMap;
import java.util.Map;

/** Whether kernels are timed where there is a GPU, and at which of the sizes that may come. */
public enum Profiling {
  /** The cost model chooses. */
  OFF,
  /** At sizes that are likely: the largest if that is moderate. */
  LIKELY,
  /** At the largest sizes; likely ones where there is no bound. */
  LARGEST,
  /** At the smallest sizes. */
  SMALLEST;

  /** A value for each symbol of a program, by its name. */
  Map<String, Long> sizes(Schedule schedule) {
    if (this == LARGEST) {
      return schedule.largest();
    }
    Map<String, Long> sizes = new HashMap<>();
    for (Dim.Symbol symbol : schedule.program().symbols()) {
      sizes.put(symbol.name(), this == SMALLEST ? symbol.min() : LikelySizes.of(symbol));
    }
    return sizes;
  }

  /** As the command line spells it. */
  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
