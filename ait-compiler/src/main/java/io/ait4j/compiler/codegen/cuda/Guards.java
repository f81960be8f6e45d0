package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.ir.Expr;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Under which conditions the loads of an expression are made. */
final class Guards {
  private Guards() {}

  /** For each load the conditions on every way to it. */
  static Map<Expr.Load, List<List<Expr>>> paths(Expr body) {
    Map<Expr.Load, List<List<Expr>>> found = new LinkedHashMap<>();
    walk(body, List.of(), found, new IdentityHashMap<>());
    return found;
  }

  private static void walk(
      Expr expr,
      List<Expr> guards,
      Map<Expr.Load, List<List<Expr>>> found,
      Map<Expr, Set<List<Expr>>> seen) {
    if (!seen.computeIfAbsent(expr, e -> new LinkedHashSet<>()).add(guards)) {
      return;
    }
    switch (expr) {
      case Expr.Unary u -> walk(u.operand(), guards, found, seen);
      case Expr.Binary b -> {
        walk(b.left(), guards, found, seen);
        walk(b.right(), guards, found, seen);
      }
      case Expr.Select s -> {
        walk(s.condition(), guards, found, seen);
        walk(s.otherwise(), guards, found, seen);
        List<Expr> inner = guards;
        if (s.guard()) {
          inner = new ArrayList<>(guards);
          inner.add(s.condition());
        }
        walk(s.then(), inner, found, seen);
      }
      case Expr.Cast c -> walk(c.operand(), guards, found, seen);
      case Expr.Load load -> {
        load.bindings().values().forEach(v -> walk(v, guards, found, seen));
        found.computeIfAbsent(load, l -> new ArrayList<>()).add(guards);
      }
      case Expr leaf -> {}
    }
  }

  /** Loads that are made at every point. */
  static Set<Expr.Load> unguarded(Expr body) {
    Set<Expr.Load> found = new LinkedHashSet<>();
    paths(body)
        .forEach(
            (load, ways) -> {
              if (ways.contains(List.<Expr>of())) {
                found.add(load);
              }
            });
    return found;
  }

  /** The way that all others go on from; null if there is none. */
  static List<Expr> common(List<List<Expr>> paths) {
    for (List<Expr> path : paths) {
      if (paths.stream()
          .allMatch(p -> p.size() >= path.size() && p.subList(0, path.size()).equals(path))) {
        return path;
      }
    }
    return null;
  }
}
