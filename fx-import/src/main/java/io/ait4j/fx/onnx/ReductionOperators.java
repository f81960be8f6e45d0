package io.ait4j.fx.onnx;

import static io.ait4j.fx.Arg.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import java.util.ArrayList;
import java.util.List;

/** Reductions over axes, and scans along one. */
final class ReductionOperators {
  @FunctionalInterface
  private interface Reduction {
    Arg apply(OnnxCall call, Arg x, Arg axes, Arg keep);
  }

  private ReductionOperators() {}

  static void addTo(OperatorTable table) {
    table.add("ReduceSum", c -> reduced(c, true, ReductionOperators::sum));
    table.add(
        "ReduceMean",
        c ->
            reduced(c, true, (r, x, axes, keep) -> r.call("mean.dim", floating(r, x), axes, keep)));
    table.add(
        "ReduceMax", c -> reduced(c, true, (r, x, axes, keep) -> r.call("amax", x, axes, keep)));
    table.add(
        "ReduceMin", c -> reduced(c, true, (r, x, axes, keep) -> r.call("amin", x, axes, keep)));
    table.add("ReduceProd", c -> reduced(c, true, ReductionOperators::product));
    table.add(
        "ReduceL1",
        c -> reduced(c, false, (r, x, axes, keep) -> sum(r, r.call("abs", x), axes, keep)));
    table.add(
        "ReduceL2",
        c ->
            reduced(
                c,
                false,
                (r, x, axes, keep) -> r.call("sqrt", squares(r, floating(r, x), axes, keep))));
    table.add("ReduceSumSquare", c -> reduced(c, false, ReductionOperators::squares));
    table.add(
        "ReduceLogSum",
        c ->
            reduced(
                c, false, (r, x, axes, keep) -> r.call("log", sum(r, floating(r, x), axes, keep))));
    table.add(
        "ReduceLogSumExp",
        c ->
            reduced(
                c, false, (r, x, axes, keep) -> r.call("logsumexp", floating(r, x), axes, keep)));
    table.add("ArgMax", c -> index(c, "argmax"));
    table.add("ArgMin", c -> index(c, "argmin"));
    table.add("CumSum", ReductionOperators::cumulative);
    table.addMany("TopK", ReductionOperators::top);
  }

  /**
   * Axes are an input since version 18, of ReduceSum since 13; none are all, or none with {@code
   * noop_with_empty_axes}.
   *
   * @param plain whether the operator leaves alone what it does not reduce
   */
  private static Arg reduced(OnnxCall c, boolean plain, Reduction reduction) {
    List<Long> named = c.has(1) ? c.integers(1) : c.attributes().integers("axes").orElse(List.of());
    boolean keep = c.attributes().flag("keepdims", true);
    if (named.isEmpty() && c.attributes().flag("noop_with_empty_axes", false)) {
      if (!plain) {
        throw c.unsupported("noop_with_empty_axes = 1 without axes");
      }
      return c.tensor(0);
    }
    List<Long> axes = new ArrayList<>();
    for (long axis : named) {
      axes.add((long) c.axis(axis, c.rank(0)));
    }
    for (long axis = 0; named.isEmpty() && axis < c.rank(0); axis++) {
      axes.add(axis);
    }
    return reduction.apply(c, c.tensor(0), OnnxCall.list(axes), of(keep));
  }

  /** ONNX lets integers take part where ATen does not. */
  private static Arg floating(OnnxCall c, Arg x) {
    if (!c.meta(x).dtype().isFloating()) {
      throw c.unsupported("type " + c.meta(x).dtype().torchName());
    }
    return x;
  }

  private static Arg sum(OnnxCall c, Arg x, Arg axes, Arg keep) {
    return c.call("sum.dim_IntList", x, axes, keep, new Arg.Type(c.meta(x).dtype()));
  }

  private static Arg squares(OnnxCall c, Arg x, Arg axes, Arg keep) {
    return sum(c, c.call("mul.Tensor", x, x), axes, keep);
  }

  private static Arg product(OnnxCall c, Arg x, Arg axes, Arg keep) {
    Arg result = x;
    boolean kept = ((Arg.Bool) keep).value();
    List<Long> descending =
        ((Arg.Sequence) axes)
            .elements().stream()
                .map(a -> ((Arg.Int) a).value())
                .sorted(java.util.Comparator.reverseOrder())
                .toList();
    for (long axis : descending) {
      result = c.call("prod.dim_int", result, of(axis), of(kept), new Arg.Type(c.meta(x).dtype()));
    }
    return result;
  }

  private static Arg index(OnnxCall c, String name) {
    if (c.attributes().flag("select_last_index", false)) {
      throw c.unsupported("select_last_index = 1");
    }
    long axis = c.axis(c.attributes().integer("axis", 0), c.rank(0));
    return c.call(name, c.tensor(0), of(axis), of(c.attributes().flag("keepdims", true)));
  }

  /** The exclusive sum is the inclusive one of what is moved on by one, a zero first. */
  private static Arg cumulative(OnnxCall c) {
    int axis = c.axis(c.integers(1).getFirst(), c.rank(0));
    boolean reverse = c.attributes().flag("reverse", false);
    DType dtype = c.dtype(0);
    Arg x = reverse ? c.call("flip", c.tensor(0), Arg.ints(axis)) : c.tensor(0);
    if (c.attributes().flag("exclusive", false)) {
      List<Long> pads = new ArrayList<>();
      for (int i = c.rank(0) - 1; i >= axis; i--) {
        pads.add(i == axis ? 1L : 0L);
        pads.add(i == axis ? -1L : 0L);
      }
      x = c.call("constant_pad_nd", x, OnnxCall.list(pads), of(0));
    }
    Arg sum = c.call("cumsum", x, of(axis), new Arg.Type(dtype));
    return reverse ? c.call("flip", sum, Arg.ints(axis)) : sum;
  }

  private static List<Arg> top(OnnxCall c) {
    int axis = c.axis(c.attributes().integer("axis", -1), c.rank(0));
    return c.out()
        .emit(
            "aten::topk",
            List.of(
                c.tensor(0),
                Arg.of(c.dims(1).getFirst()),
                of(axis),
                of(c.attributes().flag("largest", true)),
                of(c.attributes().flag("sorted", true))),
            c.node().label());
  }
}
