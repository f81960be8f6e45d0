package io.ait4j.fx;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Hands out names that are unique in a graph and its blocks, as FX does: add, add_1, add_2. */
final class ValueNames {
  private final Set<String> taken = new HashSet<>();
  private final Map<String, Integer> next = new HashMap<>();

  String fresh(String wish) {
    String base = wish.replaceAll("[^A-Za-z0-9_]", "_");
    if (base.isEmpty() || Character.isDigit(base.charAt(0))) {
      base = "_" + base;
    }
    String name = base;
    while (!taken.add(name)) {
      name = base + "_" + next.merge(base, 1, Integer::sum);
    }
    return name;
  }
}
