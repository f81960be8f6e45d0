package io.ait4j.compiler.convert;

import static io.ait4j.compiler.ir.Expr.binary;
import static io.ait4j.compiler.ir.Expr.literal;
import static io.ait4j.compiler.ir.Expr.unary;

import io.ait4j.compiler.ir.BinaryOp;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.UnaryOp;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Resizing of images. Where positions follow from the ratio of the sizes they are exact integer
 * arithmetic; else they are PyTorch's own, in floating point.
 */
final class ResizeConverters implements ConverterProvider {
  @Override
  public Map<String, Converter> converters() {
    return Map.of(
        "aten::upsample_nearest2d", ResizeConverters::nearest,
        "aten::upsample_bilinear2d", ResizeConverters::bilinear);
  }

  private static void nearest(Conversion cx) {
    Map<Dim.Symbol, Expr> bindings = new HashMap<>();
    cx.pointwise(
        out -> {
          Dim h = nearest(cx, 0, out.get(2), bindings);
          Dim w = nearest(cx, 1, out.get(3), bindings);
          Expr.Load load = cx.load(0, List.of(out.get(0), out.get(1), h, w));
          return new Expr.Load(load.buffer(), load.dtype(), load.index(), bindings);
        });
  }

  /** Position in spatial dimension {@code i} of the input; one that is computed is bound. */
  private static Dim nearest(Conversion cx, int i, Dim out, Map<Dim.Symbol, Expr> bindings) {
    Dim in = cx.meta(0).shape().get(2 + i);
    Dim size = cx.result().shape().get(2 + i);
    double factor = cx.has(2 + i) ? cx.floating(2 + i, 1) : 0;
    if (!in.isConst()) {
      long times = wholeFactor(in, size, factor);
      // The position is computed in float: a power of 2 divides exactly whatever the size.
      cx.require(Long.bitCount(times) == 1, "resizing " + in + " to " + size);
      return out.floorDiv(times);
    }
    return nearest(cx, in.value(), Conversion.constant(size), factor, out, bindings);
  }

  /** By what {@code in} is multiplied to give {@code size}; 0 if that is no known whole number. */
  private static long wholeFactor(Dim in, Dim size, double factor) {
    Dim times = size.floorDiv(in);
    boolean whole = times.isConst() && in.times(times).equals(size);
    return whole && (factor <= 0 || factor == times.value()) ? times.value() : 0;
  }

  private static Dim nearest(
      Conversion cx, long in, long size, double factor, Dim out, Map<Dim.Symbol, Expr> bindings) {
    float scale = factor > 0 ? (float) (1 / factor) : (float) in / size;
    boolean exact = true;
    for (long o = 0; o < size; o++) {
      exact &= Math.min((long) Math.floor(o * scale), in - 1) == o * in / size;
    }
    if (exact) {
      return out.times(in).floorDiv(size);
    }
    Expr position =
        binary(
            BinaryOp.MUL,
            Expr.cast(DType.FLOAT32, new Expr.Index(out)),
            literal(DType.FLOAT32, scale));
    Dim.Symbol at = cx.axis(Dim.of(in));
    bindings.put(at, clamped(Expr.cast(DType.INT64, unary(UnaryOp.FLOOR, position)), in));
    return Dim.of(at);
  }

  private static Expr clamped(Expr index, long size) {
    return binary(BinaryOp.MIN, literal(DType.INT64, size - 1), index);
  }

  /** The two neighbours along a dimension, and the weight of the second. */
  private record Between(Dim low, Dim high, Expr weight, Map<Dim.Symbol, Expr> bindings) {}

  private static void bilinear(Conversion cx) {
    DType dtype = Promotion.compute(cx.result().dtype());
    cx.require(dtype.isFloating(), "bilinear resizing of integers");
    cx.pointwise(
        out -> {
          Between h = between(cx, 0, out.get(2), dtype);
          Between w = between(cx, 1, out.get(3), dtype);
          Expr top = mix(at(cx, out, h.low, w.low, h, w), at(cx, out, h.low, w.high, h, w), w);
          Expr bottom = mix(at(cx, out, h.high, w.low, h, w), at(cx, out, h.high, w.high, h, w), w);
          return mix(top, bottom, h);
        });
    cx.flops(cx.result().numel().times(8));
  }

  private static Expr at(Conversion cx, List<Dim> out, Dim h, Dim w, Between a, Between b) {
    Map<Dim.Symbol, Expr> bindings = new HashMap<>();
    bindings.putAll(a.bindings);
    bindings.putAll(b.bindings);
    bindings.keySet().removeIf(s -> !h.symbols().contains(s) && !w.symbols().contains(s));
    Expr.Load load = cx.load(0, List.of(out.get(0), out.get(1), h, w));
    return Expr.cast(
        Promotion.compute(load.dtype()),
        new Expr.Load(load.buffer(), load.dtype(), load.index(), bindings));
  }

  private static Expr mix(Expr low, Expr high, Between between) {
    Expr other = binary(BinaryOp.SUB, literal(low.dtype(), 1.0), between.weight);
    return binary(
        BinaryOp.ADD, binary(BinaryOp.MUL, other, low), binary(BinaryOp.MUL, between.weight, high));
  }

  private static Between between(Conversion cx, int i, Dim out, DType dtype) {
    Dim in = cx.meta(0).shape().get(2 + i);
    Dim size = cx.result().shape().get(2 + i);
    boolean aligned = cx.bool(2, false);
    double factor = cx.floating(3 + i, 0);
    if (!in.isConst()) {
      long times = wholeFactor(in, size, factor);
      cx.require(times > 0 && !aligned, "resizing " + in + " to " + size);
      return between(out.times(2).plus(1 - times).max(Dim.ZERO), 2 * times, in, dtype);
    }
    long from = in.value();
    long to = Conversion.constant(size);
    if (!aligned && factor > 0 && factor * from != to) {
      return computed(cx, out, from, 1 / factor, dtype);
    }
    return aligned
        ? between(out.times(from - 1), Math.max(1, to - 1), in, dtype)
        : between(out.times(2 * from).plus(from - to).max(Dim.ZERO), 2 * to, in, dtype);
  }

  /** Around the source position {@code numerator / denominator}. */
  private static Between between(Dim numerator, long denominator, Dim in, DType dtype) {
    Dim low = numerator.floorDiv(denominator).min(in.minus(1));
    Expr weight =
        binary(
            BinaryOp.DIV,
            Expr.cast(dtype, new Expr.Index(numerator.mod(denominator))),
            literal(dtype, (double) denominator));
    return new Between(low, low.plus(1).min(in.minus(1)), weight, Map.of());
  }

  private static Between computed(Conversion cx, Dim out, long in, double scale, DType dtype) {
    Expr half = literal(dtype, 0.5);
    Expr center = binary(BinaryOp.ADD, Expr.cast(dtype, new Expr.Index(out)), half);
    Expr position =
        binary(
            BinaryOp.MAX,
            binary(BinaryOp.SUB, binary(BinaryOp.MUL, center, literal(dtype, scale)), half),
            literal(dtype, 0.0));
    Expr low = clamped(Expr.cast(DType.INT64, unary(UnaryOp.FLOOR, position)), in);
    Expr high = clamped(binary(BinaryOp.ADD, low, literal(DType.INT64, 1L)), in);
    Expr rest = binary(BinaryOp.SUB, position, Expr.cast(dtype, low));
    Dim.Symbol a = cx.axis(Dim.of(in));
    Dim.Symbol b = cx.axis(Dim.of(in));
    Expr weight = binary(BinaryOp.MIN, rest, literal(dtype, 1.0));
    return new Between(Dim.of(a), Dim.of(b), weight, Map.of(a, low, b, high));
  }
}
