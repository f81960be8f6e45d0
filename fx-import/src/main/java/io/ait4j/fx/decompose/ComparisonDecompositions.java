package io.ait4j.fx.decompose;

import static io.ait4j.fx.Arg.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.List;

/** Tests of elements, and tensors chosen by them. */
final class ComparisonDecompositions {
  private ComparisonDecompositions() {}

  static void addTo(DecompositionTable table) {
    table.add("isfinite", ComparisonDecompositions::isFinite);
    table.add("isposinf", r -> r.call("eq.Scalar", r.arg(0), of(Double.POSITIVE_INFINITY)));
    table.add("isneginf", r -> r.call("eq.Scalar", r.arg(0), of(Double.NEGATIVE_INFINITY)));
    table.add("triu", r -> triangle(r, "ge.Scalar"));
    table.add("tril", r -> triangle(r, "le.Scalar"));
    table.add("one_hot", ComparisonDecompositions::oneHot);
  }

  private static Arg isFinite(Rewrite r) {
    if (r.meta(0).dtype().isComplex()) {
      return r.keepOne();
    }
    Arg odd = r.call("logical_or", r.call("isinf", r.arg(0)), r.call("isnan", r.arg(0)));
    return r.call("logical_not", odd);
  }

  /** Keeps the elements whose column minus row compares to the diagonal. */
  private static Arg triangle(Rewrite r, String comparison) {
    List<Dim> shape = r.meta(0).shape();
    int rank = shape.size();
    if (rank < 2) {
      throw r.error("a tensor of shape " + shape + " has no triangle");
    }
    Arg columns = ConstructorDecompositions.arange(r, shape.get(rank - 1));
    Arg rows = r.unsqueeze(ConstructorDecompositions.arange(r, shape.get(rank - 2)), 1);
    Arg offsets = r.call("sub.Tensor", columns, rows);
    Arg inside = r.call(comparison, offsets, r.arg(1));
    DType dtype = r.meta(0).dtype();
    Arg zero = dtype == DType.BOOL ? of(false) : of(0);
    return r.call("where.self", inside, r.arg(0), zero);
  }

  private static Arg oneHot(Rewrite r) {
    if (r.integer(1) < 1) {
      return r.keepOne();
    }
    Arg classes = ConstructorDecompositions.arange(r, r.dim(1));
    Arg hit = r.call("eq.Tensor", r.unsqueeze(r.arg(0), -1), classes);
    return r.cast(hit, DType.INT64);
  }
}
