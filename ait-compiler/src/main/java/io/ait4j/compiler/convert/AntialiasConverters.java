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
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Resizing against aliasing: each element is a mean of those that its area covers, weighted by a
 * filter as wide as the image shrinks; first along rows, then along columns.
 */
final class AntialiasConverters implements ConverterProvider {
  /** A filter's value at a distance, and the distance from which it is 0. */
  private record Filter(long support, Function<Expr, Expr> at) {}

  @Override
  public Map<String, Converter> converters() {
    return Map.of(
        "aten::_upsample_bilinear2d_aa",
        cx -> convert(cx, new Filter(1, AntialiasConverters::triangle)),
        "aten::_upsample_bicubic2d_aa",
        cx -> convert(cx, new Filter(2, AntialiasConverters::cubic)));
  }

  private static void convert(Conversion cx, Filter filter) {
    DType dtype = Promotion.compute(cx.result().dtype());
    cx.require(dtype.isFloating(), "resizing of integers by mixing them");
    List<Dim> shape = new ArrayList<>(cx.meta(0).shape());
    shape.set(3, cx.result().shape().get(3));
    Function<List<Dim>, Expr> rows =
        cx.temp(dtype, shape, along(cx, 3, filter, dtype, index -> cx.load(0, index)));
    cx.pointwise(along(cx, 2, filter, dtype, rows));
    cx.flops(cx.result().numel().times(8 * filter.support));
  }

  /** The image resized along dimension {@code d} alone. */
  private static Function<List<Dim>, Expr> along(
      Conversion cx, int d, Filter filter, DType dtype, Function<List<Dim>, Expr> image) {
    SourcePosition.Scale scale = SourcePosition.Scale.of(cx, d - 2, cx.bool(2, false), 3);
    cx.require(scale.isRatio(), "a factor " + scale.factor() + " that is not that of the sizes");
    // The input's elements for one of the result's are p / q, at least one of them counts.
    Dim p = scale.aligned() ? scale.in().minus(1) : scale.in();
    Dim q = scale.aligned() ? scale.size().minus(1).max(Dim.ONE) : scale.size();
    Dim wide = (scale.aligned() && scale.size().is(1) ? Dim.ZERO : p).max(q);
    Dim center = scale.aligned() && scale.size().is(1) ? Dim.ZERO : p;
    cx.require(
        !scale.aligned() || scale.size().is(1) || scale.size().min() > 1,
        "resizing to " + scale.size() + ", which may be one aligned element");
    Dim reach = wide.times(2 * filter.support);
    Dim taps = reach.ceilDiv(q).plus(1);

    Function<Dim, Dim> first =
        o ->
            o.times(2)
                .plus(1)
                .times(center)
                .minus(reach)
                .plus(q)
                .floorDiv(q.times(2))
                .max(Dim.ZERO);
    Function<Dim, Dim> end =
        o ->
            o.times(2)
                .plus(1)
                .times(center)
                .plus(reach)
                .plus(q)
                .floorDiv(q.times(2))
                .min(scale.in());
    Function<List<Dim>, Expr> weights =
        cx.temp(
            dtype,
            List.of(scale.size(), taps),
            at -> {
              Dim place = first.apply(at.get(0)).plus(at.get(1));
              Dim distance =
                  place.times(2).plus(1).times(q).minus(at.get(0).times(2).plus(1).times(center));
              Expr x =
                  binary(
                      BinaryOp.DIV,
                      Expr.cast(dtype, new Expr.Index(distance)),
                      Expr.cast(dtype, new Expr.Index(wide.times(2))));
              Expr inside =
                  binary(BinaryOp.LT, new Expr.Index(place), new Expr.Index(end.apply(at.get(0))));
              return Expr.select(inside, filter.at.apply(x), literal(dtype, 0.0));
            });
    Function<List<Dim>, Expr> totals =
        cx.temp(
            dtype,
            List.of(scale.size()),
            at -> {
              Dim.Symbol tap = cx.axis(taps);
              return new Expr.Reduce(
                  ReduceOp.SUM, List.of(tap), weights.apply(List.of(at.get(0), Dim.of(tap))));
            });
    return out -> {
      Dim.Symbol tap = cx.axis(taps);
      List<Dim> index = new ArrayList<>(out);
      index.set(d, first.apply(out.get(d)).plus(Dim.of(tap)).min(scale.last()));
      Expr weight = weights.apply(List.of(out.get(d), Dim.of(tap)));
      Expr x = Expr.cast(dtype, image.apply(index));
      Expr sum = new Expr.Reduce(ReduceOp.SUM, List.of(tap), binary(BinaryOp.MUL, weight, x));
      return binary(BinaryOp.DIV, sum, totals.apply(List.of(out.get(d))));
    };
  }

  private static Expr triangle(Expr x) {
    Expr down = binary(BinaryOp.SUB, literal(x.dtype(), 1.0), unary(UnaryOp.ABS, x));
    return binary(BinaryOp.MAX, down, literal(x.dtype(), 0.0));
  }

  private static Expr cubic(Expr x) {
    Expr distance = unary(UnaryOp.ABS, x);
    Expr outer =
        Expr.select(
            binary(BinaryOp.LT, distance, literal(x.dtype(), 2.0)),
            Cubic.outer(-0.5, distance),
            literal(x.dtype(), 0.0));
    return Expr.select(
        binary(BinaryOp.LT, distance, literal(x.dtype(), 1.0)), Cubic.inner(-0.5, distance), outer);
  }
}
