package io.ait4j.fx.decompose;

import static io.ait4j.fx.Arg.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.List;

/** Reductions, all with the dimensions named and counted from 0. */
final class ReductionDecompositions {
  private ReductionDecompositions() {}

  static void addTo(DecompositionTable table) {
    table.add("sum.dim_IntList mean.dim", r -> dtyped(r, r.target().name().equals("sum")));
    table.add("sum", r -> r.call("sum.dim_IntList", r.arg(0), Arg.NONE, of(false), r.arg(1)));
    table.add("mean", r -> r.call("mean.dim", r.arg(0), Arg.NONE, of(false), r.arg(1)));
    table.add("amax amin", ReductionDecompositions::extreme);
    table.add("max", r -> r.call("amax", r.arg(0)));
    table.add("min", r -> r.call("amin", r.arg(0)));
    table.addMany("max.dim", r -> withIndex(r, "amax", "argmax"));
    table.addMany("min.dim", r -> withIndex(r, "amin", "argmin"));
    table.addMany("aminmax", ReductionDecompositions::bothExtremes);
    table.add("argmax argmin", ReductionDecompositions::index);
    table.add("prod", r -> r.call("prod.dim_int", flat(r), of(0), of(false), r.arg(1)));
    table.add("any all", r -> r.call(r.target().name() + ".dim", flat(r), of(0)));
    table.add("any.dims all.dims", ReductionDecompositions::overDims);
    table.add("any.dim all.dim", r -> r.meta(0).rank() == 0 ? scalarTruth(r) : r.keepOne());
    table.add("count_nonzero", r -> count(r, r.has(1) ? List.of(r.integer(1)) : List.of()));
    table.add("count_nonzero.dim_IntList", r -> count(r, r.integers(1)));
    table.add("logsumexp", ReductionDecompositions::logSumExp);
    table.add("nansum", r -> withoutNan(r, "sum.dim_IntList"));
    table.add("nanmean", ReductionDecompositions::meanWithoutNan);
  }

  private static Arg flat(Rewrite r) {
    return r.reshape(r.arg(0), List.of(r.meta(0).numel()));
  }

  private static Arg dtyped(Rewrite r, boolean sum) {
    TensorMeta self = r.meta(0);
    List<Integer> axes = r.axes(1);
    DType own = self.dtype();
    DType usual = sum && !own.isFloating() && !own.isComplex() ? DType.INT64 : own;
    DType dtype = r.dtype(3).orElse(usual);
    if (axes.isEmpty()) {
      return r.cast(r.arg(0), dtype);
    }
    String name = sum ? "sum.dim_IntList" : "mean.dim";
    // None where it changes nothing, so that equal sums look equal.
    Arg type = r.dtype(3).filter(d -> d != usual).<Arg>map(Arg.Type::new).orElse(Arg.NONE);
    return r.node(name, r.arg(0), Rewrite.list(axes), r.arg(2), type);
  }

  private static Arg extreme(Rewrite r) {
    List<Integer> axes = r.axes(1);
    return axes.isEmpty()
        ? r.arg(0)
        : r.node(r.target().name(), r.arg(0), Rewrite.list(axes), r.arg(2));
  }

  private static List<Arg> withIndex(Rewrite r, String value, String index) {
    Arg axis = of(r.axis(r.integer(1), r.meta(0).rank()));
    return List.of(
        r.call(value, r.arg(0), new Arg.Sequence(List.of(axis)), r.arg(2)),
        r.call(index, r.arg(0), axis, r.arg(2)));
  }

  private static List<Arg> bothExtremes(Rewrite r) {
    Arg dims = r.has(1) ? new Arg.Sequence(List.of(r.arg(1))) : new Arg.Sequence(List.of());
    return List.of(
        r.call("amin", r.arg(0), dims, r.arg(2)), r.call("amax", r.arg(0), dims, r.arg(2)));
  }

  private static Arg index(Rewrite r) {
    String name = r.target().name();
    TensorMeta self = r.meta(0);
    if (self.rank() == 0) {
      return ConstructorDecompositions.full(r, List.of(), of(0), DType.INT64);
    }
    if (r.has(1)) {
      return r.node(name, r.arg(0), of(r.axis(r.integer(1), self.rank())), r.arg(2));
    }
    Arg index = r.node(name, flat(r), of(0), of(false));
    return r.flag(2)
        ? r.reshape(index, java.util.Collections.nCopies(self.rank(), Dim.ONE))
        : index;
  }

  /** any or all of each element by itself: whether it is true. */
  private static Arg scalarTruth(Rewrite r) {
    return r.meta(0).dtype() == DType.UINT8 ? r.keepOne() : r.cast(r.arg(0), DType.BOOL);
  }

  private static Arg overDims(Rewrite r) {
    Arg x = r.arg(0);
    // An empty list names no dimension here, unlike for sums; None names all.
    boolean none = r.has(1) && r.integers(1).isEmpty();
    List<Integer> axes = none ? List.of() : r.axes(1).stream().sorted().toList().reversed();
    for (int axis : axes) {
      x = r.call(r.target().name() + ".dim", x, of(axis), r.arg(2));
    }
    return axes.isEmpty() ? scalarTruth(r) : x;
  }

  private static Arg count(Rewrite r, List<Long> dims) {
    Arg hit = r.call("ne.Scalar", r.arg(0), of(0));
    Arg axes = new Arg.Sequence(dims.stream().map(d -> of(d)).toList());
    return r.call("sum.dim_IntList", hit, axes);
  }

  private static Arg withoutNan(Rewrite r, String sum) {
    Arg x = r.arg(0);
    Arg known =
        r.meta(x).dtype().isFloating() ? r.call("where.self", r.call("isnan", x), of(0.0), x) : x;
    return r.call(sum, known, r.arg(1), r.arg(2), r.arg(3));
  }

  private static Arg meanWithoutNan(Rewrite r) {
    Arg known = r.call("logical_not", r.call("isnan", r.arg(0)));
    Arg count = r.call("sum.dim_IntList", known, r.arg(1), r.arg(2));
    return r.call("div.Tensor", withoutNan(r, "sum.dim_IntList"), count);
  }

  /** The maximum is taken out, unless it is infinite, so that exp does not overflow. */
  private static Arg logSumExp(Rewrite r) {
    Arg x = TypeSteps.floating(r, r.arg(0));
    Arg dims = Rewrite.list(r.axes(1));
    if (r.meta(0).numel().is(0)) {
      return r.call("log", r.call("sum.dim_IntList", r.call("exp", x), dims, r.arg(2)));
    }
    Arg max = r.call("amax", x, dims, of(true));
    Arg shift = r.call("where.self", r.call("isinf", max), of(0.0), max);
    Arg sum =
        r.call("sum.dim_IntList", r.call("exp", r.call("sub.Tensor", x, shift)), dims, r.arg(2));
    Arg back = r.flag(2) ? shift : r.call("squeeze.dims", shift, dims);
    return r.call("add.Tensor", r.call("log", sum), back);
  }
}
