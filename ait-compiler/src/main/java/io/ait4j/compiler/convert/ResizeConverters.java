package io.ait4j.compiler.convert;

import static io.ait4j.compiler.ir.Expr.binary;
import static io.ait4j.compiler.ir.Expr.literal;

import io.ait4j.compiler.ir.BinaryOp;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.LikelySizes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Resizing of images over one to three dimensions. */
final class ResizeConverters implements ConverterProvider {
  /** One of the elements along a dimension that a result is mixed of; a null weight is 1. */
  private record Tap(SourcePosition.Place place, Expr weight) {}

  /** The taps along spatial dimension {@code i} for element {@code out} of the result. */
  private interface Along {
    List<Tap> taps(Conversion cx, int i, Dim out, DType dtype);
  }

  /** Resizing along the spatial dimensions from {@code begin} to before {@code end} alone. */
  private record Part(Function<List<Dim>, Expr> image, int begin, int end) {}

  @Override
  public Map<String, Converter> converters() {
    Map<String, Converter> table = new HashMap<>();
    for (int spatial = 1; spatial <= 3; spatial++) {
      table.put("aten::upsample_nearest" + spatial + "d", cx -> nearest(cx, false));
      table.put("aten::_upsample_nearest_exact" + spatial + "d", cx -> nearest(cx, true));
    }
    for (String name : List.of("linear1d", "bilinear2d", "trilinear3d")) {
      table.put("aten::upsample_" + name, cx -> mixed(cx, ResizeConverters::linear));
    }
    table.put("aten::upsample_bicubic2d", cx -> mixed(cx, ResizeConverters::cubic));
    return table;
  }

  private static void nearest(Conversion cx, boolean centered) {
    cx.pointwise(
        out ->
            value(
                cx,
                out,
                cx.result().dtype(),
                (c, i, at, dtype) ->
                    List.of(new Tap(NearestPosition.of(c, i, at, centered).place(c, 0), null)),
                new Part(index -> cx.load(0, index), 0, out.size() - 2)));
  }

  /**
   * Mixes neighbours, the last dimension first; what that gives is kept where the dimension before
   * it is stretched so far that mixing anew for each of its elements would take longer.
   */
  private static void mixed(Conversion cx, Along along) {
    DType dtype = Promotion.compute(cx.result().dtype());
    cx.require(dtype.isFloating(), "resizing of integers by mixing them");
    int spatial = cx.result().rank() - 2;
    int taps = along.taps(cx, 0, Dim.ZERO, dtype).size();
    List<Dim> shape = new ArrayList<>(cx.meta(0).shape());
    Part part = new Part(index -> cx.load(0, index), 0, spatial);
    for (int i = spatial - 1; i > 0; i--) {
      shape.set(2 + i, cx.result().shape().get(2 + i));
      long stretched = LikelySizes.of(cx.result().shape().get(1 + i)) * taps;
      if (stretched >= 8 * LikelySizes.of(cx.meta(0).shape().get(1 + i))) {
        Part mixed = new Part(part.image, i, part.end);
        part =
            new Part(
                cx.temp(dtype, shape, at -> value(cx, at, dtype, along, mixed)), 0, mixed.begin);
      }
    }
    Part last = part;
    cx.pointwise(out -> value(cx, out, dtype, along, last));
    cx.flops(cx.result().numel().times((long) Math.pow(taps, spatial) * 2));
  }

  private static List<Tap> linear(Conversion cx, int i, Dim out, DType dtype) {
    SourcePosition at = between(cx, i, out, dtype, true);
    Expr other = binary(BinaryOp.SUB, literal(dtype, 1.0), at.fraction());
    return List.of(new Tap(at.place(cx, 0), other), new Tap(at.place(cx, 1), at.fraction()));
  }

  private static SourcePosition between(
      Conversion cx, int i, Dim out, DType dtype, boolean clamped) {
    SourcePosition.Scale scale = SourcePosition.Scale.of(cx, i, cx.bool(2, false), 3);
    return SourcePosition.between(scale, out, dtype, clamped);
  }

  private static List<Tap> cubic(Conversion cx, int i, Dim out, DType dtype) {
    SourcePosition at = between(cx, i, out, dtype, false);
    Expr t = at.fraction();
    Expr one = literal(dtype, 1.0);
    Expr rest = binary(BinaryOp.SUB, one, t);
    return List.of(
        new Tap(at.place(cx, -1), Cubic.outer(-0.75, binary(BinaryOp.ADD, t, one))),
        new Tap(at.place(cx, 0), Cubic.inner(-0.75, t)),
        new Tap(at.place(cx, 1), Cubic.inner(-0.75, rest)),
        new Tap(at.place(cx, 2), Cubic.outer(-0.75, binary(BinaryOp.ADD, rest, one))));
  }

  /** The element {@code out} of a part of the work: dimension by dimension, the last innermost. */
  private static Expr value(Conversion cx, List<Dim> out, DType dtype, Along along, Part part) {
    List<List<Tap>> taps = new ArrayList<>();
    for (int i = 0; i < out.size() - 2; i++) {
      Dim at = out.get(2 + i);
      taps.add(
          part.begin <= i && i < part.end
              ? along.taps(cx, i, at, dtype)
              : List.of(new Tap(new SourcePosition.Place(at, Map.of()), null)));
    }
    return sum(part.image, new ArrayList<>(out.subList(0, 2)), new HashMap<>(), dtype, taps);
  }

  private static Expr sum(
      Function<List<Dim>, Expr> image,
      List<Dim> index,
      Map<Dim.Symbol, Expr> bindings,
      DType dtype,
      List<List<Tap>> taps) {
    int i = index.size() - 2;
    if (i == taps.size()) {
      Expr.Load load = (Expr.Load) image.apply(index);
      return Expr.cast(dtype, new Expr.Load(load.buffer(), load.dtype(), index, bindings));
    }
    Expr sum = null;
    for (Tap tap : taps.get(i)) {
      List<Dim> longer = new ArrayList<>(index);
      longer.add(tap.place.index());
      Map<Dim.Symbol, Expr> more = new HashMap<>(bindings);
      more.putAll(tap.place.bindings());
      Expr x = sum(image, longer, more, dtype, taps);
      Expr part = tap.weight == null ? x : binary(BinaryOp.MUL, tap.weight, x);
      sum = sum == null ? part : binary(BinaryOp.ADD, sum, part);
    }
    return sum;
  }
}
