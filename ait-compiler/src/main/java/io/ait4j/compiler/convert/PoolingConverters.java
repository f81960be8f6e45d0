package io.ait4j.compiler.convert;

import static io.ait4j.compiler.ir.Expr.binary;
import static io.ait4j.compiler.ir.Expr.literal;

import io.ait4j.compiler.ir.BinaryOp;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.ReduceOp;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Pooling over two spatial dimensions. */
final class PoolingConverters implements ConverterProvider {
  @Override
  public Map<String, Converter> converters() {
    return Map.of(
        "aten::max_pool2d", PoolingConverters::maxPool,
        "aten::avg_pool2d", PoolingConverters::averagePool,
        "aten::_adaptive_avg_pool2d", PoolingConverters::adaptiveAverage,
        "aten::adaptive_avg_pool2d", PoolingConverters::adaptiveAverage);
  }

  /** Source position of a window's element. */
  private record Window(Dim h, Dim w, Expr inside, List<Dim.Symbol> axes) {}

  private static Window window(
      Conversion cx, List<Dim> out, long[] kernel, long[] stride, long[] pad, long[] dilation) {
    List<Dim> shape = cx.meta(0).shape();
    int rank = shape.size();
    List<Dim.Symbol> axes = cx.axes(Dim.ofAll(kernel));
    Dim h =
        out.get(rank - 2)
            .times(stride[0])
            .minus(pad[0])
            .plus(Dim.of(axes.get(0)).times(dilation[0]));
    Dim w =
        out.get(rank - 1)
            .times(stride[1])
            .minus(pad[1])
            .plus(Dim.of(axes.get(1)).times(dilation[1]));
    Expr inside =
        ViewConverters.and(
            Expr.within(h, Dim.ZERO, shape.get(rank - 2)),
            Expr.within(w, Dim.ZERO, shape.get(rank - 1)));
    return new Window(h, w, inside, axes);
  }

  private static Expr element(
      Conversion cx, List<Dim> out, Window window, DType dtype, Expr outside) {
    List<Dim> index = new ArrayList<>(out.subList(0, out.size() - 2));
    index.add(window.h());
    index.add(window.w());
    Expr x = Expr.cast(dtype, cx.load(0, index));
    return window.inside() instanceof Expr.Literal ? x : Expr.guarded(window.inside(), x, outside);
  }

  private static void maxPool(Conversion cx) {
    long[] kernel = cx.pair(1);
    DType dtype = cx.result().dtype();
    cx.require(dtype.isFloating(), "pooling of integers");
    DType compute = Promotion.compute(dtype);
    cx.pointwise(
        out -> {
          Window window =
              window(cx, out, kernel, cx.pair(2, kernel), cx.pair(3, 0, 0), cx.pair(4, 1, 1));
          return new Expr.Reduce(
              ReduceOp.MAX,
              window.axes(),
              element(cx, out, window, compute, literal(compute, Double.NEGATIVE_INFINITY)));
        });
    cx.flops(cx.result().numel().times(kernel[0] * kernel[1]));
  }

  private static void averagePool(Conversion cx) {
    long[] kernel = cx.pair(1);
    long[] stride = cx.pair(2, kernel);
    long[] pad = cx.pair(3, 0, 0);
    DType compute = Promotion.compute(cx.result().dtype());
    cx.require(compute.isFloating(), "pooling of integers");
    boolean includePad = cx.bool(5, true);
    List<Dim> shape = cx.meta(0).shape();
    int rank = shape.size();
    cx.pointwise(
        out -> {
          Window window = window(cx, out, kernel, stride, pad, new long[] {1, 1});
          Expr sum =
              new Expr.Reduce(
                  ReduceOp.SUM,
                  window.axes(),
                  element(cx, out, window, compute, literal(compute, 0.0)));
          if (cx.has(6)) {
            return binary(BinaryOp.DIV, sum, cx.number(6, compute));
          }
          Dim count =
              covered(
                      out.get(rank - 2),
                      kernel[0],
                      stride[0],
                      pad[0],
                      shape.get(rank - 2),
                      includePad)
                  .times(
                      covered(
                          out.get(rank - 1),
                          kernel[1],
                          stride[1],
                          pad[1],
                          shape.get(rank - 1),
                          includePad));
          return binary(BinaryOp.DIV, sum, Expr.cast(compute, new Expr.Index(count)));
        });
    cx.flops(cx.result().numel().times(kernel[0] * kernel[1]));
  }

  /**
   * How many positions of a window count: those inside of the input, with its padding or without.
   */
  private static Dim covered(
      Dim out, long kernel, long stride, long pad, Dim size, boolean includePad) {
    Dim start = out.times(stride).minus(pad);
    Dim end = start.plus(kernel).min(size.plus(pad));
    return includePad ? end.minus(start) : end.min(size).minus(start.max(Dim.ZERO));
  }

  /**
   * Windows from {@code floor(i * in / out)} to {@code ceil((i + 1) * in / out)}: of one size where
   * the sizes divide, else each cut off from the largest.
   */
  private static void adaptiveAverage(Conversion cx) {
    List<Dim> shape = cx.meta(0).shape();
    List<Dim> result = cx.result().shape();
    int rank = shape.size();
    DType compute = Promotion.compute(cx.result().dtype());
    cx.require(compute.isFloating(), "pooling of integers");
    long[] in = new long[2];
    long[] out = new long[2];
    long[] largest = new long[2];
    for (int i = 0; i < 2; i++) {
      in[i] = Conversion.constant(shape.get(rank - 2 + i));
      out[i] = Conversion.constant(result.get(rank - 2 + i));
      for (long o = 0; o < out[i]; o++) {
        largest[i] =
            Math.max(largest[i], Math.ceilDiv((o + 1) * in[i], out[i]) - o * in[i] / out[i]);
      }
    }
    cx.pointwise(
        at -> {
          List<Dim.Symbol> axes = cx.axes(Dim.ofAll(largest));
          List<Dim> index = new ArrayList<>(at);
          Expr inside = literal(DType.BOOL, 1L);
          Dim count = Dim.ONE;
          for (int i = 0; i < 2; i++) {
            Dim o = at.get(rank - 2 + i);
            Dim start = o.times(in[i]).floorDiv(out[i]);
            Dim place = start.plus(Dim.of(axes.get(i)));
            Dim size = Dim.of(largest[i]);
            if (in[i] % out[i] != 0) {
              Dim end = o.plus(1).times(in[i]).plus(out[i] - 1).floorDiv(out[i]);
              inside =
                  ViewConverters.and(
                      inside, binary(BinaryOp.LT, new Expr.Index(place), new Expr.Index(end)));
              size = end.minus(start);
            }
            index.set(rank - 2 + i, place);
            count = count.times(size);
          }
          Expr x = Expr.cast(compute, cx.load(0, index));
          Expr element =
              inside instanceof Expr.Literal ? x : Expr.guarded(inside, x, literal(compute, 0.0));
          return binary(
              BinaryOp.DIV,
              new Expr.Reduce(ReduceOp.SUM, axes, element),
              Expr.cast(compute, new Expr.Index(count)));
        });
    cx.flops(cx.result().numel().times(largest[0] * largest[1]));
  }
}
