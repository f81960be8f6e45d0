package io.ait4j.compiler.convert;

import static io.ait4j.compiler.ir.Expr.binary;
import static io.ait4j.compiler.ir.Expr.literal;

import io.ait4j.compiler.ir.BinaryOp;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.List;

/**
 * The elements of the input that one element of a pooling's result is made of: over the last
 * dimensions, as many as the window has.
 *
 * @param axes one for each dimension, over the window
 * @param place index of an element in the input's last dimensions
 * @param inside whether that element belongs to the window and exists
 * @param count how many elements belong to the window
 */
record PoolingWindow(List<Dim.Symbol> axes, List<Dim> place, Expr inside, Dim count) {

  /** How windows lie along one dimension. */
  record Step(long kernel, long stride, long pad, long dilation) {}

  /** The steps in each of {@code spatial} dimensions, from the usual first arguments. */
  static List<Step> steps(Conversion cx, int spatial, boolean dilated) {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < spatial; i++) {
      long kernel = ConvolutionConverters.at(cx, 1, i, 1);
      steps.add(
          new Step(
              kernel,
              ConvolutionConverters.at(cx, 2, i, kernel),
              ConvolutionConverters.at(cx, 3, i, 0),
              dilated ? ConvolutionConverters.at(cx, 4, i, 1) : 1));
    }
    return steps;
  }

  /** At {@code out} of a pooling by windows of one size; {@code countPad} counts the padding. */
  static PoolingWindow sliding(Conversion cx, List<Dim> out, List<Step> steps, boolean countPad) {
    List<Dim> shape = cx.meta(0).shape();
    int lead = shape.size() - steps.size();
    List<Dim.Symbol> axes = cx.axes(steps.stream().map(s -> Dim.of(s.kernel)).toList());
    List<Dim> place = new ArrayList<>();
    Expr inside = literal(DType.BOOL, 1L);
    Dim count = Dim.ONE;
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      Dim size = shape.get(lead + i);
      Dim start = out.get(lead + i).times(step.stride).minus(step.pad);
      Dim at = start.plus(Dim.of(axes.get(i)).times(step.dilation));
      place.add(at);
      inside = ViewConverters.and(inside, Expr.within(at, Dim.ZERO, size));
      Dim end = start.plus(step.kernel).min(size.plus(step.pad));
      count = count.times(countPad ? end.minus(start) : end.min(size).minus(start.max(Dim.ZERO)));
    }
    return new PoolingWindow(axes, place, inside, count);
  }

  /**
   * At {@code out} of an adaptive pooling over the last {@code spatial} dimensions: from {@code
   * floor(i * in / out)} to {@code ceil((i + 1) * in / out)}, of one size where the sizes divide,
   * else each cut off from the largest.
   */
  static PoolingWindow adaptive(Conversion cx, List<Dim> out, int spatial) {
    List<Dim> shape = cx.meta(0).shape();
    List<Dim> result = cx.result().shape();
    int lead = shape.size() - spatial;
    List<Dim.Symbol> axes = new ArrayList<>();
    List<Dim> place = new ArrayList<>();
    Expr inside = literal(DType.BOOL, 1L);
    Dim count = Dim.ONE;
    for (int i = lead; i < shape.size(); i++) {
      Dim in = shape.get(i);
      Dim to = result.get(i);
      boolean divides = to.min() > 0 && in.mod(to).is(0);
      axes.add(cx.axis(divides ? in.floorDiv(to) : largest(in, to)));
      Dim start = out.get(i).times(in).floorDiv(to);
      Dim at = start.plus(Dim.of(axes.getLast()));
      place.add(at);
      Dim size = axes.getLast().extent();
      if (!divides) {
        Dim end = out.get(i).plus(1).times(in).plus(to.minus(1)).floorDiv(to);
        inside =
            ViewConverters.and(
                inside, binary(BinaryOp.LT, new Expr.Index(at), new Expr.Index(end)));
        size = end.minus(start);
      }
      count = count.times(size);
    }
    return new PoolingWindow(axes, place, inside, count);
  }

  /** At least as long as every window; where both sizes are known, as long as the longest. */
  private static Dim largest(Dim in, Dim out) {
    if (!in.isConst() || !out.isConst() || out.is(0)) {
      return in.plus(out).minus(1).floorDiv(out).plus(1);
    }
    // From floor(o * in / out) to ceil((o + 1) * in / out): what o * in leaves of out is any
    // multiple of the greatest common divisor, and with the rest of one more window it may pass
    // out.
    long rest = in.value() % out.value();
    long extra = rest == 0 ? 0 : rest > gcd(rest, out.value()) ? 2 : 1;
    return Dim.of(in.value() / out.value() + extra);
  }

  private static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  /** Where the window's elements are in the whole input. */
  List<Dim> index(List<Dim> out) {
    List<Dim> index = new ArrayList<>(out.subList(0, out.size() - place.size()));
    index.addAll(place);
    return index;
  }

  /** Number of an element among those of its image. */
  Dim position(List<Dim> shape) {
    Dim position = Dim.ZERO;
    for (int i = 0; i < place.size(); i++) {
      Dim size = shape.get(shape.size() - place.size() + i);
      position = position.times(size).plus(place.get(i));
    }
    return position;
  }

  /** {@code element} where it belongs to the window, else {@code outside}. */
  Expr guarded(Expr element, Expr outside) {
    return inside instanceof Expr.Literal ? element : Expr.guarded(inside, element, outside);
  }
}
