package io.ait4j.compiler.codegen;

import io.ait4j.compiler.ir.Expr;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Makes two axes of one that indices take apart by division, as reshapes do: the outer one counts
 * the quotients, and along the inner one memory is walked evenly, so that it can be a vector's.
 */
final class Digits {
  /** Shorter runs make no vectors. */
  private static final long SHORTEST = 8;

  private Digits() {}

  /** The stage with its axes, and those of its reductions, taken apart. */
  static FlatStage split(FlatStage stage) {
    FlatStage current = stage;
    List<Dim.Symbol> all = new ArrayList<>(stage.axes());
    stage.reductions().forEach(reduce -> all.addAll(reduce.axes()));
    for (Dim.Symbol axis : all) {
      current = split(current, axis);
    }
    return current;
  }

  private static FlatStage split(FlatStage stage, Dim.Symbol axis) {
    if (!axis.extent().isConst() || axis.extent().value() < 2 * SHORTEST) {
      return stage;
    }
    long extent = axis.extent().value();
    long run = extent;
    for (Dim dim : stage.dims()) {
      run = run(dim, axis, run);
    }
    if (run < SHORTEST || run == extent) {
      return stage;
    }
    Dim.Symbol outer = symbol(axis.name() + "q", extent / run);
    Dim.Symbol inner = symbol(axis.name() + "r", run);
    Dim whole = Dim.of(outer).times(run).plus(Dim.of(inner));
    Function<Dim.Symbol, Dim> with = s -> s.equals(axis) ? whole : null;
    Expr body =
        stage
            .body()
            .substitute(with)
            .rewrite(
                e ->
                    e instanceof Expr.Reduce r && r.axes().contains(axis)
                        ? new Expr.Reduce(r.op(), replace(r.axes(), axis, outer, inner), r.body())
                        : e);
    return new FlatStage(
        replace(stage.axes(), axis, outer, inner),
        stage.target(),
        stage.address().substitute(with),
        body);
  }

  private static Dim.Symbol symbol(String name, long extent) {
    return new Dim.Symbol(name, 0, extent - 1, Dim.of(extent));
  }

  private static List<Dim.Symbol> replace(
      List<Dim.Symbol> axes, Dim.Symbol axis, Dim.Symbol outer, Dim.Symbol inner) {
    List<Dim.Symbol> replaced = new ArrayList<>();
    for (Dim.Symbol a : axes) {
      if (a.equals(axis)) {
        replaced.add(outer);
        replaced.add(inner);
      } else {
        replaced.add(a);
      }
    }
    return replaced;
  }

  /** The longest run of the axis, a part of {@code run}, in which no quotient of it changes. */
  private static long run(Dim dim, Dim.Symbol axis, long run) {
    long[] longest = {run};
    dim.forEachTerm(
        (atoms, c) -> {
          for (Dim.Atom atom : atoms) {
            if (atom instanceof Dim.Apply(Dim.Op op, Dim left, Dim right)
                && (left.symbols().contains(axis) || right.symbols().contains(axis))) {
              boolean divides = (op == Dim.Op.FLOOR_DIV || op == Dim.Op.MOD) && right.isConst();
              longest[0] = divides ? gcd(longest[0], period(left, axis, right.value())) : 1;
              longest[0] = run(left, axis, longest[0]);
            }
          }
        });
    return longest[0];
  }

  /**
   * After how many steps of the axis itself, not of its quotients, a division by this goes on; 0:
   * never.
   */
  private static long period(Dim left, Dim.Symbol axis, long divisor) {
    long[] period = {0};
    left.forEachTerm(
        (atoms, c) -> {
          if (atoms.contains(axis)) {
            period[0] = gcd(divisor / gcd(divisor, Math.abs(c)), period[0]);
          }
        });
    return period[0];
  }

  private static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}
