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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Pooling over one to three spatial dimensions. */
final class PoolingConverters implements ConverterProvider {
  /** Beyond the position of any element. */
  private static final long NOWHERE = Long.MAX_VALUE;

  @Override
  public Map<String, Converter> converters() {
    Map<String, Converter> table = new HashMap<>();
    for (int dims = 1; dims <= 3; dims++) {
      int spatial = dims;
      String name = "_pool" + dims + "d";
      table.put("aten::max" + name, cx -> maximum(cx, sliding(cx, spatial)));
      table.put("aten::max" + name + "_with_indices", cx -> places(cx, sliding(cx, spatial)));
      table.put("aten::avg" + name, cx -> average(cx, spatial));
      table.put("aten::adaptive_avg" + name, cx -> adaptiveAverage(cx, spatial));
      table.put("aten::_adaptive_avg" + name, cx -> adaptiveAverage(cx, spatial));
      table.put("aten::adaptive_max" + name, cx -> places(cx, adaptive(cx, spatial)));
    }
    return table;
  }

  private static Function<List<Dim>, PoolingWindow> sliding(Conversion cx, int spatial) {
    List<PoolingWindow.Step> steps = PoolingWindow.steps(cx, spatial, true);
    return out -> PoolingWindow.sliding(cx, out, steps, false);
  }

  private static Function<List<Dim>, PoolingWindow> adaptive(Conversion cx, int spatial) {
    return out -> PoolingWindow.adaptive(cx, out, spatial);
  }

  private static Expr reduced(
      Conversion cx, ReduceOp op, DType compute, Expr neutral, PoolingWindow w, List<Dim> out) {
    Expr x = Expr.cast(compute, cx.load(0, w.index(out)));
    return new Expr.Reduce(op, w.axes(), w.guarded(x, neutral));
  }

  private static Expr largest(Conversion cx, PoolingWindow w, List<Dim> out) {
    DType compute = Promotion.compute(cx.result().dtype());
    return reduced(cx, ReduceOp.MAX, compute, lowest(compute), w, out);
  }

  private static Expr lowest(DType dtype) {
    return dtype.isFloating()
        ? literal(dtype, Double.NEGATIVE_INFINITY)
        : literal(dtype, dtype == DType.UINT8 ? 0 : -1L << (8 * dtype.bytes() - 1));
  }

  private static void maximum(Conversion cx, Function<List<Dim>, PoolingWindow> window) {
    cx.require(cx.result().dtype() != DType.BOOL, "pooling of truth values");
    cx.pointwise(out -> largest(cx, window.apply(out), out));
    countElements(cx, window);
  }

  /** The maxima and their places: the first of equal ones, but of NaN the last. */
  private static void places(Conversion cx, Function<List<Dim>, PoolingWindow> window) {
    cx.require(cx.result().dtype() != DType.BOOL, "pooling of truth values");
    List<Dim> shape = cx.meta(0).shape();
    DType compute = Promotion.compute(cx.result().dtype());
    Function<List<Dim>, Expr> largest =
        cx.temp(compute, cx.result().shape(), out -> largest(cx, window.apply(out), out));
    cx.pointwise(largest);
    cx.pointwise(
        1,
        out -> {
          Expr first =
              place(cx, window.apply(out), out, shape, ReduceOp.MIN, NOWHERE, largest.apply(out));
          if (!compute.isFloating()) {
            return first;
          }
          Expr last = place(cx, window.apply(out), out, shape, ReduceOp.MAX, -1, null);
          return Expr.select(binary(BinaryOp.GE, last, literal(DType.INT64, 0L)), last, first);
        });
    countElements(cx, window);
  }

  /** The first or last position of {@code value}, of NaN if that is null. */
  private static Expr place(
      Conversion cx,
      PoolingWindow w,
      List<Dim> out,
      List<Dim> shape,
      ReduceOp op,
      long none,
      Expr value) {
    DType compute = Promotion.compute(cx.result().dtype());
    Expr x = Expr.cast(compute, cx.load(0, w.index(out)));
    Expr found = value == null ? unary(UnaryOp.IS_NAN, x) : binary(BinaryOp.EQ, x, value);
    Expr nowhere = literal(DType.INT64, none);
    Expr at = Expr.select(found, new Expr.Index(w.position(shape)), nowhere);
    return new Expr.Reduce(op, w.axes(), w.guarded(at, nowhere));
  }

  private static void average(Conversion cx, int spatial) {
    List<PoolingWindow.Step> steps = PoolingWindow.steps(cx, spatial, false);
    boolean countPad = cx.bool(5, true);
    average(cx, out -> PoolingWindow.sliding(cx, out, steps, countPad), cx.has(6));
  }

  private static void adaptiveAverage(Conversion cx, int spatial) {
    average(cx, adaptive(cx, spatial), false);
  }

  /** The sum divided by the number of elements, or by argument 6. */
  private static void average(
      Conversion cx, Function<List<Dim>, PoolingWindow> window, boolean divisorGiven) {
    DType compute = Promotion.compute(cx.result().dtype());
    cx.require(compute.isFloating(), "averages of integers");
    cx.pointwise(
        out -> {
          PoolingWindow w = window.apply(out);
          Expr sum = reduced(cx, ReduceOp.SUM, compute, literal(compute, 0.0), w, out);
          Expr count =
              divisorGiven ? cx.number(6, compute) : Expr.cast(compute, new Expr.Index(w.count()));
          return binary(BinaryOp.DIV, sum, count);
        });
    countElements(cx, window);
  }

  private static void countElements(Conversion cx, Function<List<Dim>, PoolingWindow> window) {
    List<Dim> shape = cx.result().shape();
    List<Dim> axes = Conversion.dims(cx.axes(shape));
    Dim each = Dim.product(window.apply(axes).axes().stream().map(Dim.Symbol::extent).toList());
    cx.flops(Dim.product(shape).times(each));
  }
}
