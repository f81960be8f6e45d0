package io.ait4j.fx.torchscript;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tuples, lists and dictionaries as trees whose leaves control flow passes on one by one. */
final class Structure {
  private Structure() {}

  /** The values in a tree, in order; a value that is no tree is its own leaf. */
  static List<JitValue> leaves(JitValue tree) {
    List<JitValue> leaves = new ArrayList<>();
    collect(tree, leaves);
    return leaves;
  }

  private static void collect(JitValue tree, List<JitValue> leaves) {
    switch (tree) {
      case JitValue.Tuple tuple -> tuple.elements().forEach(e -> collect(e, leaves));
      case JitValue.Items items -> items.elements().forEach(e -> collect(e, leaves));
      case JitValue.Table table -> table.entries().values().forEach(e -> collect(e, leaves));
      default -> leaves.add(tree);
    }
  }

  /** Whether two trees differ in their leaves only. */
  static boolean same(JitValue a, JitValue b) {
    return switch (a) {
      case JitValue.Tuple x -> b instanceof JitValue.Tuple y && same(x.elements(), y.elements());
      case JitValue.Items x -> b instanceof JitValue.Items y && same(x.elements(), y.elements());
      case JitValue.Table x ->
          b instanceof JitValue.Table y
              && List.copyOf(x.entries().keySet()).equals(List.copyOf(y.entries().keySet()))
              && same(List.copyOf(x.entries().values()), List.copyOf(y.entries().values()));
      default -> leaves(b).equals(List.of(b));
    };
  }

  private static boolean same(List<JitValue> a, List<JitValue> b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (!same(a.get(i), b.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** The tree with the next of {@code leaves} for each of its own; its lists are new ones. */
  static JitValue rebuilt(JitValue tree, Iterator<JitValue> leaves, int level) {
    return switch (tree) {
      case JitValue.Tuple(List<JitValue> elements, List<String> names) ->
          new JitValue.Tuple(rebuilt(elements, leaves, level), names);
      case JitValue.Items items ->
          new JitValue.Items(rebuilt(items.elements(), leaves, level), level);
      case JitValue.Table table -> {
        Map<io.ait4j.fx.Arg, JitValue> entries = new LinkedHashMap<>();
        table.entries().forEach((key, value) -> entries.put(key, rebuilt(value, leaves, level)));
        yield new JitValue.Table(entries, level);
      }
      default -> leaves.next();
    };
  }

  private static List<JitValue> rebuilt(
      List<JitValue> trees, Iterator<JitValue> leaves, int level) {
    List<JitValue> all = new ArrayList<>();
    trees.forEach(tree -> all.add(rebuilt(tree, leaves, level)));
    return all;
  }
}
