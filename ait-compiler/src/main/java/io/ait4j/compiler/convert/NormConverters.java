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
 * Layer, group and batch normalisation. Variances are two-pass: the mean first, then the squared
 * distances from it.
 */
final class NormConverters implements ConverterProvider {
  @Override
  public Map<String, Converter> converters() {
    return Map.of(
        "aten::layer_norm", NormConverters::layerNorm,
        "aten::group_norm", NormConverters::groupNorm,
        "aten::batch_norm", NormConverters::batchNorm);
  }

  private record Moments(Function<List<Dim>, Expr> mean, Function<List<Dim>, Expr> scale) {}

  /**
   * Mean and {@code 1 / sqrt(var + eps)} over {@code axes}; {@code element} gives x at an outer
   * index and inner variables.
   */
  private static Moments moments(
      Conversion cx,
      DType dtype,
      List<Dim> outer,
      List<Dim> inner,
      double eps,
      java.util.function.BiFunction<List<Dim>, List<Dim>, Expr> element) {
    Expr count = Expr.cast(dtype, new Expr.Index(Dim.product(inner)));
    Function<List<Dim>, Expr> mean =
        cx.temp(
            dtype,
            outer,
            out -> {
              List<Dim.Symbol> axes = cx.axes(inner);
              return binary(
                  BinaryOp.DIV,
                  new Expr.Reduce(ReduceOp.SUM, axes, element.apply(out, Conversion.dims(axes))),
                  count);
            });
    Function<List<Dim>, Expr> scale =
        cx.temp(
            dtype,
            outer,
            out -> {
              List<Dim.Symbol> axes = cx.axes(inner);
              Expr d =
                  binary(BinaryOp.SUB, element.apply(out, Conversion.dims(axes)), mean.apply(out));
              Expr variance =
                  binary(
                      BinaryOp.DIV,
                      new Expr.Reduce(ReduceOp.SUM, axes, binary(BinaryOp.MUL, d, d)),
                      count);
              return unary(UnaryOp.RSQRT, binary(BinaryOp.ADD, variance, literal(dtype, eps)));
            });
    return new Moments(mean, scale);
  }

  private static void layerNorm(Conversion cx) {
    List<Dim> shape = cx.meta(0).shape();
    DType dtype = Promotion.compute(cx.result().dtype());
    int normalised = cx.integers(1).size();
    int split = shape.size() - normalised;
    List<Dim> outer = shape.subList(0, split);
    List<Dim> inner = shape.subList(split, shape.size());
    Moments m =
        moments(
            cx,
            dtype,
            outer,
            inner,
            cx.floating(4, 1e-5),
            (o, i) -> {
              List<Dim> index = new ArrayList<>(o);
              index.addAll(i);
              return Expr.cast(dtype, cx.load(0, index));
            });
    cx.pointwise(
        out -> {
          List<Dim> o = out.subList(0, split);
          List<Dim> i = out.subList(split, out.size());
          Expr y =
              binary(
                  BinaryOp.MUL,
                  binary(BinaryOp.SUB, Expr.cast(dtype, cx.load(0, out)), m.mean().apply(o)),
                  m.scale().apply(o));
          return affine(cx, dtype, y, i, 2, 3);
        });
    cx.flops(cx.meta(0).numel().times(8));
  }

  private static Expr affine(
      Conversion cx, DType dtype, Expr y, List<Dim> index, int weight, int bias) {
    if (cx.has(weight)) {
      y = binary(BinaryOp.MUL, y, Expr.cast(dtype, cx.load(weight, index)));
    }
    return cx.has(bias) ? binary(BinaryOp.ADD, y, Expr.cast(dtype, cx.load(bias, index))) : y;
  }

  private static void groupNorm(Conversion cx) {
    List<Dim> shape = cx.meta(0).shape();
    DType dtype = Promotion.compute(cx.result().dtype());
    Dim groups = Dim.of(cx.integer(1, 1));
    Dim size = shape.get(1).floorDiv(groups);
    List<Dim> inner = new ArrayList<>();
    inner.add(size);
    inner.addAll(shape.subList(2, shape.size()));
    Function<List<Dim>, List<Dim>> place =
        i -> {
          List<Dim> index = new ArrayList<>(i.subList(3, i.size()));
          index.add(0, i.get(1).times(size).plus(i.get(2)));
          index.add(0, i.getFirst());
          return index;
        };
    Moments m =
        moments(
            cx,
            dtype,
            List.of(shape.get(0), groups),
            inner,
            cx.floating(4, 1e-5),
            (o, i) -> {
              List<Dim> all = new ArrayList<>(o);
              all.addAll(i);
              return Expr.cast(dtype, cx.load(0, place.apply(all)));
            });
    List<Dim> split = new ArrayList<>(List.of(shape.get(0), groups));
    split.addAll(inner);
    List<Dim.Symbol> axes = cx.axes(split);
    List<Dim> i = Conversion.dims(axes);
    List<Dim> index = place.apply(i);
    Expr y =
        binary(
            BinaryOp.MUL,
            binary(
                BinaryOp.SUB, Expr.cast(dtype, cx.load(0, index)), m.mean().apply(i.subList(0, 2))),
            m.scale().apply(i.subList(0, 2)));
    cx.part(axes, index, affine(cx, dtype, y, List.of(index.get(1)), 2, 3));
    cx.flops(cx.meta(0).numel().times(8));
  }

  /**
   * {@code x * scale + shift}, the two computed once for each channel, so that they fold into
   * constants.
   */
  private static void batchNorm(Conversion cx) {
    cx.require(!cx.bool(5, false), "batch normalisation in training mode");
    cx.require(cx.has(3) && cx.has(4), "batch normalisation without running statistics");
    DType dtype = Promotion.compute(cx.result().dtype());
    List<Dim> channels = List.of(cx.meta(0).shape().get(1));
    double eps = cx.floating(7, 1e-5);
    Function<List<Dim>, Expr> scale =
        cx.temp(
            dtype,
            channels,
            c -> {
              Expr inverse =
                  unary(
                      UnaryOp.RSQRT,
                      binary(BinaryOp.ADD, Expr.cast(dtype, cx.load(4, c)), literal(dtype, eps)));
              return cx.has(1)
                  ? binary(BinaryOp.MUL, inverse, Expr.cast(dtype, cx.load(1, c)))
                  : inverse;
            });
    Function<List<Dim>, Expr> shift =
        cx.temp(
            dtype,
            channels,
            c -> {
              Expr offset =
                  unary(
                      UnaryOp.NEG,
                      binary(BinaryOp.MUL, Expr.cast(dtype, cx.load(3, c)), scale.apply(c)));
              return cx.has(2)
                  ? binary(BinaryOp.ADD, offset, Expr.cast(dtype, cx.load(2, c)))
                  : offset;
            });
    cx.pointwise(
        i -> {
          List<Dim> c = List.of(i.get(1));
          return binary(
              BinaryOp.ADD,
              binary(BinaryOp.MUL, Expr.cast(dtype, cx.load(0, i)), scale.apply(c)),
              shift.apply(c));
        });
    cx.flops(cx.meta(0).numel().times(2));
  }
}
