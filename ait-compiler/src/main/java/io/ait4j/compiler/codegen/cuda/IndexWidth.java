package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.codegen.FlatStage;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Sizes;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The types of places and counts in a kernel: 32 bits where the bounds of all that it indexes allow
 * it.
 */
enum IndexWidth {
  NARROW("int", "unsigned"),
  WIDE("int64_t", "uint64_t");

  /** Leaves room for what a grid counts beyond the last point. */
  static final long MOST = 1L << 30;

  private final String type;
  private final String count;

  IndexWidth(String type, String count) {
    this.type = type;
    this.count = count;
  }

  /** Of a place, which may be negative on the way. */
  String type() {
    return type;
  }

  /** Of what is counted and divided; never negative. */
  String count() {
    return count;
  }

  /** For kernels of these stages, each over {@code outer} and its own axes. */
  static IndexWidth of(List<Dim.Symbol> outer, Collection<FlatStage> stages) {
    for (FlatStage stage : stages) {
      List<Dim.Symbol> axes = new ArrayList<>(outer);
      axes.addAll(stage.axes());
      for (Expr.Reduce reduce : stage.reductions()) {
        if (!fits(Sizes.points(reduce.axes()))) {
          return WIDE;
        }
      }
      List<Dim> dims = new ArrayList<>(stage.dims());
      dims.add(Sizes.points(axes));
      stage
          .body()
          .forEach(
              e -> {
                if (e instanceof Expr.Load load) {
                  load.bindings().keySet().forEach(s -> dims.add(s.extent()));
                }
              });
      if (!dims.stream().allMatch(IndexWidth::fits)) {
        return WIDE;
      }
    }
    return NARROW;
  }

  private static boolean fits(Dim dim) {
    return most(dim) <= MOST;
  }

  /** The largest magnitude on the way to the value of {@code dim}. */
  private static double most(Dim dim) {
    double[] sum = {0};
    dim.forEachTerm(
        (atoms, c) -> {
          double product = Math.abs((double) c);
          for (Dim.Atom atom : atoms) {
            product *= most(atom);
          }
          sum[0] += product;
        });
    return sum[0];
  }

  private static double most(Dim.Atom atom) {
    double value = magnitude(Dim.of(atom));
    return atom instanceof Dim.Apply(Dim.Op op, Dim left, Dim right)
        ? Math.max(value, Math.max(most(left), most(right)))
        : Math.max(1, value);
  }

  private static double magnitude(Dim dim) {
    return Math.max(Math.abs((double) dim.min()), Math.abs((double) dim.max()));
  }
}
