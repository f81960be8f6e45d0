package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.codegen.ExprPrinter;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Sizes;
import io.ait4j.fx.Dim;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * How the texts of hand-written kernels spell places, which those count in 32 bits: as they are, or
 * with 64 bits where more is needed on the way to what is divided, or compared, in an address. The
 * outermost factors of addresses have 64 bits themselves.
 */
final class Places {
  private final boolean isWide;

  private Places(boolean isWide) {
    this.isWide = isWide;
  }

  /** For addresses and values. */
  static Places of(Collection<Dim> dims) {
    return new Places(dims.stream().anyMatch(Places::isWideWithin));
  }

  /** For an expression with addresses. */
  static Places of(Expr expr) {
    Set<Dim> dims = new LinkedHashSet<>();
    expr.forEach(
        e -> {
          switch (e) {
            case Expr.Load load -> dims.addAll(load.index());
            case Expr.Index index -> dims.add(index.value());
            case Expr other -> {}
          }
        });
    return of(dims);
  }

  private static boolean isWideWithin(Dim dim) {
    boolean[] wide = {false};
    dim.forEachTerm(
        (atoms, c) -> {
          for (Dim.Atom atom : atoms) {
            wide[0] |=
                !Sizes.isFixed(Dim.of(atom))
                    && atom instanceof Dim.Apply(Dim.Op op, Dim left, Dim right)
                    && (isWide(left) || isWide(right));
          }
        });
    return wide[0];
  }

  private static boolean isWide(Dim operand) {
    double[] sum = {0};
    operand.forEachTerm(
        (atoms, c) -> {
          double product = Math.abs((double) c);
          for (Dim.Atom atom : atoms) {
            product *= most(atom);
          }
          sum[0] += product;
        });
    return sum[0] > IndexWidth.MOST || isWideWithin(operand);
  }

  /** The largest magnitude; 1 for what has 64 bits in any case, as all that a run's sizes make. */
  private static double most(Dim.Atom atom) {
    Dim value = Dim.of(atom);
    if (value.symbols().stream().anyMatch(s -> s.extent() == null)) {
      return 1;
    }
    double magnitude = Math.max(Math.abs((double) value.min()), Math.abs((double) value.max()));
    return atom instanceof Dim.Symbol ? Math.min(magnitude, IndexWidth.MOST) : magnitude;
  }

  /** Lets {@code axis} be spelled by {@code text}, which is an {@code int}. */
  void bind(ExprPrinter exprs, Dim.Symbol axis, String text) {
    exprs.bind(axis, isWide ? "int64_t(" + text + ")" : text);
  }

  /** The same for several. */
  void bind(ExprPrinter exprs, List<Dim.Symbol> axes, List<String> texts) {
    for (int i = 0; i < axes.size(); i++) {
      bind(exprs, axes.get(i), texts.get(i));
    }
  }
}
