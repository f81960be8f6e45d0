package io.ait4j.compiler.convert;

import static io.ait4j.compiler.ir.Expr.binary;
import static io.ait4j.compiler.ir.Expr.literal;
import static io.ait4j.compiler.ir.Expr.unary;

import io.ait4j.compiler.ir.BinaryOp;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.ReduceOp;
import io.ait4j.compiler.ir.UnaryOp;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reductions along dimensions, and softmax. */
final class ReductionConverters implements ConverterProvider {
  private final Map<String, Converter> table = new HashMap<>();

  @Override
  public Map<String, Converter> converters() {
    table.put(
        "aten::sum.dim_IntList",
        cx -> reduce(cx, cx.integers(1), cx.bool(2, false), ReduceOp.SUM, Function.identity()));
    table.put(
        "aten::mean.dim",
        cx -> {
          List<Integer> dims = cx.wrapAll(cx.integers(1), cx.meta(0).rank());
          Dim count = count(cx.meta(0).shape(), dims);
          reduce(
              cx,
              cx.integers(1),
              cx.bool(2, false),
              ReduceOp.SUM,
              x -> binary(BinaryOp.DIV, x, Expr.cast(x.dtype(), new Expr.Index(count))));
        });
    table.put("aten::amax", cx -> nonEmpty(cx, ReduceOp.MAX));
    table.put("aten::amin", cx -> nonEmpty(cx, ReduceOp.MIN));
    table.put(
        "aten::prod.dim_int",
        cx -> reduce(cx, cx.integers(1), cx.bool(2, false), ReduceOp.PROD, Function.identity()));
    table.put("aten::argmax", cx -> place(cx, ReduceOp.MAX));
    table.put("aten::argmin", cx -> place(cx, ReduceOp.MIN));
    for (String overload : List.of("dim", "dims")) {
      table.put("aten::any." + overload, cx -> truth(cx, ReduceOp.ANY));
      table.put("aten::all." + overload, cx -> truth(cx, ReduceOp.ALL));
    }
    table.put("aten::var.correction", ReductionConverters::variance);
    table.put("aten::_softmax", cx -> softmax(cx, false));
    table.put("aten::_log_softmax", cx -> softmax(cx, true));
    return table;
  }

  static Dim count(List<Dim> shape, List<Integer> dims) {
    return Dim.product(dims.stream().map(shape::get).toList());
  }

  private static void nonEmpty(Conversion cx, ReduceOp op) {
    List<Integer> dims = cx.wrapAll(cx.integers(1), cx.meta(0).rank());
    cx.require(count(cx.meta(0).shape(), dims).min() > 0, "a maximum over a dimension of size 0");
    reduce(cx, cx.integers(1), cx.bool(2, false), op, Function.identity());
  }

  /** The first place of the extreme, or of NaN: first the extreme, then where it is. */
  private static void place(Conversion cx, ReduceOp op) {
    List<Dim> shape = cx.meta(0).shape();
    DType dtype = Promotion.compute(cx.meta(0).dtype());
    List<Integer> dims = cx.wrapAll(cx.integers(1), shape.size());
    cx.require(
        shape.isEmpty() || dims.size() == 1 && count(shape, dims).min() > 0,
        "the place of an extreme over no dimension, several, or one of size 0");
    if (shape.isEmpty()) {
      cx.pointwise(out -> literal(DType.INT64, 0L));
      return;
    }
    int dim = dims.getFirst();
    boolean keep = cx.bool(2, false);
    Function<List<Dim>, Expr> x = i -> cx.exact(0, i, cx.meta(0).dtype());
    Function<List<Dim>, Expr> extreme =
        cx.temp(dtype, keptShape(shape, dims), out -> reduced(cx, out, dims, true, op, x));
    cx.pointwise(
        out ->
            reduced(
                cx,
                out,
                dims,
                keep,
                ReduceOp.MIN,
                i -> {
                  Expr here = x.apply(i);
                  Expr found =
                      binary(
                          BinaryOp.OR,
                          binary(BinaryOp.EQ, here, extreme.apply(keptIndex(i, dims))),
                          unary(UnaryOp.IS_NAN, here));
                  return Expr.select(
                      found, new Expr.Index(i.get(dim)), new Expr.Index(shape.get(dim)));
                }));
    cx.flops(cx.meta(0).numel());
  }

  private static void truth(Conversion cx, ReduceOp op) {
    List<Integer> dims = cx.wrapAll(cx.integers(1), cx.meta(0).rank());
    boolean keep = cx.bool(2, false);
    cx.pointwise(
        out -> {
          return reduced(cx, out, dims, keep, op, i -> cx.broadcast(0, i, DType.BOOL));
        });
  }

  private static void reduce(
      Conversion cx, List<Long> dimArg, boolean keep, ReduceOp op, Function<Expr, Expr> after) {
    DType dtype = Promotion.compute(cx.result().dtype());
    cx.require(!dtype.isComplex() && !cx.meta(0).dtype().isComplex(), "complex numbers");
    List<Integer> dims = cx.wrapAll(dimArg, cx.meta(0).rank());
    cx.pointwise(
        out -> after.apply(reduced(cx, out, dims, keep, op, i -> Expr.cast(dtype, cx.load(0, i)))));
    cx.flops(cx.meta(0).numel());
  }

  /** The reduction at one point of the result: fresh variables take the place of {@code dims}. */
  static Expr reduced(
      Conversion cx,
      List<Dim> out,
      List<Integer> dims,
      boolean keep,
      ReduceOp op,
      Function<List<Dim>, Expr> element) {
    List<Dim> shape = cx.meta(0).shape();
    List<Dim.Symbol> axes = new ArrayList<>();
    List<Dim> index = new ArrayList<>();
    int next = 0;
    for (int d = 0; d < shape.size(); d++) {
      if (dims.contains(d)) {
        Dim.Symbol axis = cx.axis(shape.get(d));
        axes.add(axis);
        index.add(Dim.of(axis));
        next += keep ? 1 : 0;
      } else {
        index.add(out.get(next++));
      }
    }
    Expr value = element.apply(index);
    return axes.isEmpty() ? value : new Expr.Reduce(op, axes, value);
  }

  private static List<Dim> keptShape(List<Dim> shape, List<Integer> dims) {
    List<Dim> kept = new ArrayList<>(shape);
    dims.forEach(d -> kept.set(d, Dim.ONE));
    return kept;
  }

  private static List<Dim> keptIndex(List<Dim> index, List<Integer> dims) {
    List<Dim> kept = new ArrayList<>(index);
    dims.forEach(d -> kept.set(d, Dim.ZERO));
    return kept;
  }

  private static void variance(Conversion cx) {
    List<Dim> shape = cx.meta(0).shape();
    DType dtype = Promotion.compute(cx.result().dtype());
    cx.require(dtype.isFloating(), "variance of integers");
    List<Integer> dims = cx.wrapAll(cx.integers(1), shape.size());
    double correction = cx.floating(2, 1);
    boolean keep = cx.bool(3, false);
    Expr count = Expr.cast(dtype, new Expr.Index(count(shape, dims)));
    Function<List<Dim>, Expr> x = i -> Expr.cast(dtype, cx.load(0, i));
    Function<List<Dim>, Expr> mean =
        cx.temp(
            dtype,
            keptShape(shape, dims),
            out -> binary(BinaryOp.DIV, reduced(cx, out, dims, true, ReduceOp.SUM, x), count));
    cx.pointwise(
        out -> {
          Expr sum =
              reduced(
                  cx,
                  out,
                  dims,
                  keep,
                  ReduceOp.SUM,
                  i -> {
                    Expr d = binary(BinaryOp.SUB, x.apply(i), mean.apply(keptIndex(i, dims)));
                    return binary(BinaryOp.MUL, d, d);
                  });
          Expr divisor =
              binary(
                  BinaryOp.MAX,
                  binary(BinaryOp.SUB, count, literal(dtype, correction)),
                  literal(dtype, 0.0));
          return binary(BinaryOp.DIV, sum, divisor);
        });
    cx.flops(cx.meta(0).numel().times(4));
  }

  private static void softmax(Conversion cx, boolean log) {
    List<Dim> shape = cx.meta(0).shape();
    DType dtype = Promotion.compute(cx.result().dtype());
    cx.require(dtype.isFloating(), "softmax of integers");
    List<Integer> dims =
        shape.isEmpty() ? List.of() : List.of(Conversion.wrap(cx.integer(1, -1), shape.size()));
    List<Dim> kept = keptShape(shape, dims);
    Function<List<Dim>, Expr> x = i -> Expr.cast(dtype, cx.load(0, i));
    Function<List<Dim>, Expr> max =
        cx.temp(dtype, kept, out -> reduced(cx, out, dims, true, ReduceOp.MAX, x));
    Function<List<Dim>, Expr> shifted =
        i -> binary(BinaryOp.SUB, x.apply(i), max.apply(keptIndex(i, dims)));
    if (log) {
      Function<List<Dim>, Expr> sum =
          cx.temp(
              dtype,
              kept,
              out ->
                  unary(
                      UnaryOp.LOG,
                      reduced(
                          cx,
                          out,
                          dims,
                          true,
                          ReduceOp.SUM,
                          i -> unary(UnaryOp.EXP, shifted.apply(i)))));
      cx.pointwise(i -> binary(BinaryOp.SUB, shifted.apply(i), sum.apply(keptIndex(i, dims))));
    } else {
      Function<List<Dim>, Expr> e =
          cx.temp(dtype, shape, i -> unary(UnaryOp.EXP, shifted.apply(i)));
      Function<List<Dim>, Expr> sum =
          cx.temp(dtype, kept, out -> reduced(cx, out, dims, true, ReduceOp.SUM, e));
      cx.pointwise(i -> binary(BinaryOp.DIV, e.apply(i), sum.apply(keptIndex(i, dims))));
    }
    cx.flops(cx.meta(0).numel().times(12));
  }
}
