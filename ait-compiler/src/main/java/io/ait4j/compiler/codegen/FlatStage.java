package io.ait4j.compiler.codegen;

import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Indices;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Sizes;
import io.ait4j.compiler.ir.Stage;
import io.ait4j.fx.Dim;
import io.ait4j.fx.LikelySizes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A stage with every index turned into an address, its loops in the order of the memory it writes,
 * and neighbouring loops that walk memory like one merged into one.
 *
 * @param axes from the outermost to the innermost
 */
public record FlatStage(List<Dim.Symbol> axes, String target, Dim address, Expr body) {

  public static FlatStage of(Program program, Stage stage) {
    Dim address = address(program.buffer(stage.target()), stage.index());
    FlatStage flat =
        new FlatStage(stage.axes(), stage.target(), address, flatten(program, stage.body()));
    return Digits.split(flat.withoutUnitAxes()).sorted().merged();
  }

  private FlatStage sorted() {
    List<Dim.Symbol> inOrder = new ArrayList<>(axes);
    inOrder.sort((a, b) -> Long.compare(step(address, b), step(address, a)));
    return new FlatStage(List.copyOf(inOrder), target, address, body);
  }

  /** The stage as it is, only with addresses. */
  public static FlatStage inOrder(Program program, Stage stage) {
    return new FlatStage(
        stage.axes(),
        stage.target(),
        address(program.buffer(stage.target()), stage.index()),
        flatten(program, stage.body()));
  }

  public static Expr flatten(Program program, Expr expr) {
    return expr.rewrite(
        e ->
            e instanceof Expr.Load load
                ? new Expr.Load(
                    load.buffer(),
                    load.dtype(),
                    List.of(address(program.buffer(load.buffer()), load.index())),
                    load.bindings())
                : e);
  }

  private static Dim address(Buffer buffer, List<Dim> index) {
    return Indices.address(index, buffer.strides());
  }

  /**
   * Distance between neighbours along {@code axis}, at least 2 where it differs from run to run;
   * the largest there is if it is not one number.
   */
  public static long step(Dim address, Dim.Symbol axis) {
    Optional<Dim> c = address.coefficient(axis);
    if (c.isEmpty() || !Sizes.isFixed(c.get())) {
      return Long.MAX_VALUE;
    }
    return c.get().isConst() ? c.get().value() : Math.max(2, LikelySizes.of(c.get()));
  }

  private FlatStage withoutUnitAxes() {
    List<Dim.Symbol> kept = axes.stream().filter(a -> !a.extent().is(1)).toList();
    if (kept.size() == axes.size()) {
      return this;
    }
    java.util.function.Function<Dim.Symbol, Dim> zero =
        s -> axes.contains(s) && !kept.contains(s) ? Dim.ZERO : null;
    return new FlatStage(kept, target, address.substitute(zero), body.substitute(zero));
  }

  /** Without an axis that is always 0. */
  private FlatStage without(Dim.Symbol unit) {
    java.util.function.Function<Dim.Symbol, Dim> zero = s -> s.equals(unit) ? Dim.ZERO : null;
    List<Dim.Symbol> kept = axes.stream().filter(a -> !a.equals(unit)).toList();
    return new FlatStage(kept, target, address.substitute(zero), body.substitute(zero));
  }

  private FlatStage merged() {
    FlatStage current = this;
    for (int i = current.axes.size() - 1; i > 0; i--) {
      current = current.merge(i - 1).orElse(current);
    }
    return current;
  }

  /**
   * Merges axes i and i + 1 if every address steps along the outer one as far as along the whole
   * inner one.
   */
  public Optional<FlatStage> merge(int i) {
    Dim.Symbol outer = axes.get(i);
    Dim.Symbol inner = axes.get(i + 1);
    if (outer.extent().is(1) || inner.extent().is(1)) {
      return Optional.of(without(outer.extent().is(1) ? outer : inner));
    }
    for (Dim dim : dims()) {
      Optional<Dim> o = dim.coefficient(outer);
      Optional<Dim> n = dim.coefficient(inner);
      if (o.isEmpty() || n.isEmpty() || !o.get().equals(n.get().times(inner.extent()))) {
        return Optional.empty();
      }
    }
    Dim extent = outer.extent().times(inner.extent());
    long max = extent.max();
    Dim.Symbol both =
        new Dim.Symbol(inner.name(), 0, max == Dim.UNBOUNDED ? max : Math.max(0, max - 1), extent);
    java.util.function.Function<Dim.Symbol, Dim> with =
        s -> s.equals(outer) ? Dim.ZERO : s.equals(inner) ? Dim.of(both) : null;
    List<Dim.Symbol> all = new ArrayList<>(axes);
    all.remove(i);
    all.set(i, both);
    return Optional.of(
        new FlatStage(List.copyOf(all), target, address.substitute(with), body.substitute(with)));
  }

  /** Every index expression in the stage. */
  public Set<Dim> dims() {
    Set<Dim> dims = new LinkedHashSet<>();
    dims.add(address);
    body.forEach(
        e -> {
          switch (e) {
            case Expr.Load load -> dims.addAll(load.index());
            case Expr.Index index -> dims.add(index.value());
            case Expr other -> {}
          }
        });
    return dims;
  }

  /** Distinct reductions in the body, in order of evaluation. */
  public List<Expr.Reduce> reductions() {
    List<Expr.Reduce> found = new ArrayList<>();
    body.forEach(
        e -> {
          if (e instanceof Expr.Reduce r) {
            found.add(r);
          }
        });
    return found;
  }

  /** Whether {@code expr} has the same value all along {@code axes}. */
  public static boolean isInvariant(Expr expr, Set<Dim.Symbol> axes) {
    boolean[] varies = {false};
    expr.forEach(
        e ->
            varies[0] |=
                switch (e) {
                  case Expr.Load load ->
                      load.index().stream()
                          .anyMatch(d -> d.symbols().stream().anyMatch(axes::contains));
                  case Expr.Index index ->
                      index.value().symbols().stream().anyMatch(axes::contains);
                  case Expr.Reduce r -> true;
                  case Expr.Accumulator a -> true;
                  case Expr other -> false;
                });
    return !varies[0];
  }
}
