package io.ait4j.fx.decompose;

import static io.ait4j.fx.Arg.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.TensorMeta;
import java.util.List;

/** Lengths and spreads: vector norms, variance and standard deviation. */
final class VectorNormDecompositions {
  private VectorNormDecompositions() {}

  static void addTo(DecompositionTable table) {
    table.add("var", r -> variance(r, List.of(), unbiased(r, 1), of(false)));
    table.add("var.dim", r -> variance(r, r.axes(1), unbiased(r, 2), r.arg(3)));
    table.add("var.correction", VectorNormDecompositions::corrected);
    table.add("std", r -> root(r, variance(r, List.of(), unbiased(r, 1), of(false))));
    table.add("std.dim", r -> root(r, variance(r, r.axes(1), unbiased(r, 2), r.arg(3))));
    table.add("std.correction", r -> root(r, corrected(r)));
    table.addMany("var_mean", r -> both(r, List.of(), unbiased(r, 1), of(false), false));
    table.addMany("std_mean", r -> both(r, List.of(), unbiased(r, 1), of(false), true));
    table.addMany("var_mean.dim", r -> both(r, r.axes(1), unbiased(r, 2), r.arg(3), false));
    table.addMany("std_mean.dim", r -> both(r, r.axes(1), unbiased(r, 2), r.arg(3), true));
    table.addMany("var_mean.correction", r -> List.of(corrected(r), mean(r)));
    table.addMany("std_mean.correction", r -> List.of(root(r, corrected(r)), mean(r)));
    table.add("linalg_vector_norm", r -> norm(r, r.number(1), r.axes(2), r.arg(3), 4));
    table.add("linalg_norm", VectorNormDecompositions::linalgNorm);
    table.add("norm.Scalar", r -> norm(r, r.number(1), r.axes(-1), of(false), -1));
    table.add("norm.ScalarOpt_dim", r -> norm(r, order(r), r.axes(2), r.arg(3), -1));
    table.add("norm.ScalarOpt_dim_dtype", r -> norm(r, order(r), r.axes(2), r.arg(3), 4));
    table.add("norm.ScalarOpt_dtype", r -> norm(r, order(r), r.axes(-1), of(false), 2));
    table.add("frobenius_norm.dim", r -> norm(r, 2, r.axes(1), r.arg(2), -1));
    table.add("cosine_similarity", VectorNormDecompositions::cosine);
  }

  private static Arg unbiased(Rewrite r, int i) {
    return of(r.flag(i) ? 1 : 0);
  }

  private static Arg corrected(Rewrite r) {
    return variance(r, r.axes(1), r.has(2) ? r.arg(2) : of(1), r.arg(3));
  }

  private static Arg variance(Rewrite r, List<Integer> axes, Arg correction, Arg keep) {
    List<Integer> over = axes.isEmpty() ? r.axes(-1) : axes;
    return r.node("var.correction", r.arg(0), Rewrite.list(over), correction, keep);
  }

  private static Arg root(Rewrite r, Arg variance) {
    return r.call("sqrt", variance);
  }

  private static Arg mean(Rewrite r) {
    return r.call("mean.dim", r.arg(0), Rewrite.list(r.axes(1)), r.arg(3));
  }

  private static List<Arg> both(
      Rewrite r, List<Integer> axes, Arg correction, Arg keep, boolean root) {
    Arg variance = variance(r, axes, correction, keep);
    Arg over = Rewrite.list(axes.isEmpty() ? r.axes(-1) : axes);
    return List.of(root ? root(r, variance) : variance, r.call("mean.dim", r.arg(0), over, keep));
  }

  /** The norms of vectors among those of linear algebra; those of matrices stay whole. */
  private static Arg linalgNorm(Rewrite r) {
    boolean vector = r.has(2) ? r.integers(2).size() == 1 : r.meta(0).rank() == 1;
    if (r.has(1) && !vector || r.arg(1) instanceof Arg.Str) {
      return r.keepOne();
    }
    Arg order = r.has(1) ? r.arg(1) : of(2);
    return r.call("linalg_vector_norm", r.arg(0), order, r.arg(2), r.arg(3), r.arg(4));
  }

  private static double order(Rewrite r) {
    return r.has(1) ? r.number(1) : 2;
  }

  private static Arg norm(Rewrite r, double p, List<Integer> axes, Arg keep, int dtypeArg) {
    TensorMeta self = r.meta(0);
    DType result = dtypeArg < 0 ? self.dtype() : r.dtype(dtypeArg).orElse(self.dtype());
    if (self.dtype().isComplex() || !result.isFloating()) {
      return r.keepOne();
    }
    Arg x = TypeSteps.accumulating(r, r.cast(r.arg(0), result));
    return r.cast(axes.isEmpty() ? ofElement(r, x, p) : norm(r, x, p, axes, keep), result);
  }

  /** The norm of a tensor of rank 0. */
  private static Arg ofElement(Rewrite r, Arg x, double p) {
    return p == 0 ? r.cast(r.call("ne.Scalar", x, of(0)), r.meta(x).dtype()) : r.call("abs", x);
  }

  private static Arg norm(Rewrite r, Arg x, double p, List<Integer> axes, Arg keep) {
    Arg dims = Rewrite.list(axes);
    if (p == 2) {
      return r.call("sqrt", r.call("sum.dim_IntList", r.call("mul.Tensor", x, x), dims, keep));
    }
    if (p == 0) {
      Arg hit = r.cast(r.call("ne.Scalar", x, of(0)), r.meta(x).dtype());
      return r.call("sum.dim_IntList", hit, dims, keep);
    }
    Arg size = r.call("abs", x);
    if (p == 1) {
      return r.call("sum.dim_IntList", size, dims, keep);
    }
    if (Double.isInfinite(p)) {
      return r.call(p > 0 ? "amax" : "amin", size, dims, keep);
    }
    Arg sum = r.call("sum.dim_IntList", r.call("pow.Tensor_Scalar", size, of(p)), dims, keep);
    return r.call("pow.Tensor_Scalar", sum, of(1 / p));
  }

  /** Each norm is bounded below by eps, as PyTorch bounds it. */
  private static Arg cosine(Rewrite r) {
    Arg dims = new Arg.Sequence(List.of(r.arg(2)));
    List<Arg> both = RepeatDecompositions.broadcast(r, List.of(r.arg(0), r.arg(1)));
    Arg a = unit(r, both.get(0), dims);
    Arg b = unit(r, both.get(1), dims);
    return r.call("sum.dim_IntList", r.call("mul.Tensor", a, b), dims);
  }

  private static Arg unit(Rewrite r, Arg x, Arg dims) {
    Arg square = r.call("sum.dim_IntList", r.call("mul.Tensor", x, x), dims, of(true));
    return r.call("div.Tensor", x, r.call("clamp", r.call("sqrt", square), r.arg(3), Arg.NONE));
  }
}
