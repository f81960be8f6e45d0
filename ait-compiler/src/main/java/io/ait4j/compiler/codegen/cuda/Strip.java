package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.codegen.Cpp;
import io.ait4j.compiler.codegen.FlatStage;
import io.ait4j.compiler.ir.BinaryOp;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Halves;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Neighbouring points along an axis that one thread computes together: what lies side by side in
 * memory comes in one access.
 *
 * @param axis the innermost axis
 * @param width how many points; a power of two
 * @param vectors loads that come as vectors, each with the conditions under which it is made
 * @param multiples sizes that must be multiples of the width, to be checked on the host
 * @param buffers read or written as vectors
 */
record Strip(
    Dim.Symbol axis,
    int width,
    Map<Expr.Load, List<Expr>> vectors,
    Set<Dim> multiples,
    Set<String> buffers) {

  private static final int[] WIDTHS = {16, 8, 4, 2};

  /** Bytes of one access. */
  private static final int MOST_BYTES = 16;

  /** One point. */
  static Strip single() {
    return new Strip(null, 1, Map.of(), Set.of(), Set.of());
  }

  /**
   * The widest strip of a loop.
   *
   * @param axes of the loop; the strip is along the last one
   * @param store what the body is stored to, which must be a vector; null if it is not stored
   * @param tail whether the last strip may be short
   */
  static Strip of(List<Dim.Symbol> axes, Expr body, Expr.Load store, boolean tail) {
    if (axes.isEmpty()) {
      return single();
    }
    Map<Expr.Load, List<List<Expr>>> paths = Guards.paths(body);
    Strip best = single();
    for (int width : WIDTHS) {
      Strip strip = of(axes, width, paths, store, tail);
      if (strip != null && strip.vectors.size() >= Math.max(1, best.vectors.size())) {
        return strip;
      }
      best = strip != null && best.width == 1 ? strip : best;
    }
    return best;
  }

  /** The strip of this width; null if there is none. */
  static Strip of(List<Dim.Symbol> axes, int width, Expr body, Expr.Load store) {
    Set<Dim> open = new LinkedHashSet<>();
    boolean fits = !axes.isEmpty() && Multiples.is(axes.getLast().extent(), width, open);
    Strip strip = fits ? of(axes, width, Guards.paths(body), store, false) : null;
    return strip != null || store != null || !fits
        ? strip
        : new Strip(axes.getLast(), width, Map.of(), open, Set.of());
  }

  /** Without these loads, which are at hand. */
  Strip without(Set<Expr.Load> loads) {
    Map<Expr.Load, List<Expr>> others = new LinkedHashMap<>(vectors);
    others.keySet().removeAll(loads);
    return new Strip(axis, width, others, multiples, buffers);
  }

  private static Strip of(
      List<Dim.Symbol> axes,
      int width,
      Map<Expr.Load, List<List<Expr>>> paths,
      Expr.Load store,
      boolean tail) {
    Dim.Symbol axis = axes.getLast();
    Set<Dim> open = new LinkedHashSet<>();
    boolean whole = tail && axes.size() == 1 || Multiples.is(axis.extent(), width, open);
    if (!whole || axis.extent().isConst() && axis.extent().value() < width) {
      return null;
    }
    Set<String> buffers = new LinkedHashSet<>();
    if (store != null) {
      if (!isVector(store, axis, width, open)) {
        return null;
      }
      buffers.add(store.buffer());
    }
    Map<Expr.Load, List<Expr>> vectors = new LinkedHashMap<>();
    paths.forEach(
        (load, guards) -> {
          List<Expr> path = Guards.common(guards);
          Set<Dim> more = new LinkedHashSet<>(open);
          if (path != null
              && path.stream().allMatch(c -> isConstant(c, axis, width))
              && load.bindings().values().stream()
                  .allMatch(v -> FlatStage.isInvariant(v, Set.of(axis)))
              && isVector(load, axis, width, more)) {
            open.addAll(more);
            buffers.add(load.buffer());
            vectors.put(load, path);
          }
        });
    return store == null && vectors.isEmpty()
        ? null
        : new Strip(axis, width, vectors, open, buffers);
  }

  private static boolean isVector(Expr.Load load, Dim.Symbol axis, int width, Set<Dim> open) {
    Dim address = load.index().getFirst();
    return load.dtype().bytes() * width <= MOST_BYTES
        && FlatStage.step(address, axis) == 1
        && Multiples.is(address, axis, width, open);
  }

  /** Whether a condition is the same for all points of a strip. */
  private static boolean isConstant(Expr condition, Dim.Symbol axis, int width) {
    if (FlatStage.isInvariant(condition, Set.of(axis))) {
      return true;
    }
    return condition instanceof Expr.Binary b
        && switch (b.op()) {
          case AND, OR -> isConstant(b.left(), axis, width) && isConstant(b.right(), axis, width);
          case GE, LT -> // changes between strips only
              b.left() instanceof Expr.Index l
                  && b.right() instanceof Expr.Index r
                  && FlatStage.step(l.value().minus(r.value()), axis) == 1
                  && isMultiple(l.value().minus(r.value()), axis, width);
          case BinaryOp other -> false;
        };
  }

  private static boolean isMultiple(Dim dim, Dim.Symbol axis, int width) {
    Set<Dim> open = new LinkedHashSet<>();
    return Multiples.is(dim, axis, width, open) && open.isEmpty();
  }

  /** Prints the vectors' loads at a strip's first point; {@code name} tells each one's variable. */
  Map<Expr.Load, String> load(DeviceFunction f, Expr body) {
    if (width == 1) {
      return Map.of();
    }
    f.exprs().hoist(body, e -> FlatStage.isInvariant(e, Set.of(axis)));
    Map<Expr.Load, String> names = new LinkedHashMap<>();
    vectors.forEach(
        (load, guards) -> {
          String name = f.exprs().fresh("v");
          f.line("ait::Vector<%s, %d> %s;", Cpp.memory(load.dtype()), width, name);
          List<String> conditions = new ArrayList<>();
          guards.forEach(c -> conditions.add(f.exprs().print(c)));
          conditions.addAll(f.exprs().exists(load));
          if (!conditions.isEmpty()) {
            f.open("if (%s)", String.join(" && ", conditions));
          }
          f.exprs().bindings(load);
          f.line(
              "%s.load(%s + %s);",
              name, f.exprs().pointer(load.buffer()), f.exprs().index(load.index().getFirst()));
          if (!conditions.isEmpty()) {
            f.close();
          }
          names.put(load, name);
        });
    return names;
  }

  /** Begins a loop over a strip's points; {@link #close} ends it. */
  String open(DeviceFunction f, Expr body, Map<Expr.Load, String> names) {
    String place = f.exprs().name(axis);
    String lane = f.exprs().fresh("j");
    f.line("#pragma unroll");
    f.open("for (int %s = 0; %s < %d; ++%s)", lane, lane, width, lane);
    f.exprs().bind(axis, "(" + place + " + " + lane + ")");
    body.forEach(
        e -> {
          if (e instanceof Expr.Load load && names.containsKey(load)) {
            f.exprs().define(load, value(names.get(load) + ".at[" + lane + "]", load.dtype()));
          }
        });
    return lane;
  }

  void close(DeviceFunction f, String place) {
    f.close();
    f.exprs().bind(axis, place);
  }

  /** What an element in memory is worth as an operand. */
  static String value(String element, DType dtype) {
    return dtype == DType.BOOL
        ? "(" + element + " != 0)"
        : element + (Halves.isHalf(dtype) ? ".bits" : "");
  }
}
