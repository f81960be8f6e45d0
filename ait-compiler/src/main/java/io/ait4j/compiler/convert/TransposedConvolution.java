package io.ait4j.compiler.convert;

import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Template;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * Transposed convolution as plain convolutions: output pixels whose position has the same remainder
 * by the stride see the same taps of the kernel, so each such phase is a convolution of the input
 * with its part of the kernel, mirrored, written with gaps.
 */
final class TransposedConvolution {
  /** Each phase is a kernel of its own: more of them are not worth compiling. */
  private static final long MOST_PHASES = 4096;

  private TransposedConvolution() {}

  /**
   * One dimension of a phase: outputs {@code phase + stride * q}, taps {@code first + step * t} of
   * the kernel, which lie {@code gap} inputs apart.
   */
  private record Phase(
      long phase, long stride, long first, long step, long taps, long gap, Dim outputs, long pad) {
    static Phase of(long phase, long kernel, long stride, long pad, long dilation, Dim size) {
      // Tap k reaches input (phase + pad - k * dilation) / stride: every step-th does so evenly.
      long common = gcd(stride, dilation);
      long step = stride / common;
      long gap = dilation / common;
      long to = Math.addExact(phase, pad);
      long first = to % common == 0 ? quotient(to / common, gap, step) : step;
      long taps = first >= Math.min(step, kernel) ? 0 : (kernel - first - 1) / step + 1;
      Dim outputs = size.minus(phase + 1).floorDiv(stride).plus(1).max(Dim.ZERO);
      long before = 0;
      if (taps > 0) {
        long at = Math.floorDiv(to - Math.multiplyExact(first, dilation), stride);
        before = Math.multiplyExact(taps - 1, gap) - at;
      }
      return new Phase(phase, stride, first, step, taps, gap, outputs, before);
    }

    /** The least k with {@code k * divisor} equal to {@code a} but for multiples of {@code m}. */
    private static long quotient(long a, long divisor, long m) {
      BigInteger modulus = BigInteger.valueOf(m);
      BigInteger inverse = BigInteger.valueOf(divisor).modInverse(modulus);
      return BigInteger.valueOf(a).multiply(inverse).mod(modulus).longValueExact();
    }

    private static long gcd(long a, long b) {
      return b == 0 ? a : gcd(b, a % b);
    }

    Dim place(Dim q) {
      return q.times(stride).plus(phase);
    }

    Dim mirrored(Dim t) {
      return Dim.of(taps - 1).minus(t).times(step).plus(first);
    }

    Template.Window window(Dim in) {
      return new Template.Window(in, outputs, taps, 1, pad, gap);
    }
  }

  static void convert(Conversion cx) {
    List<Dim> kernel = cx.meta(1).shape();
    long taps = 1;
    long phases = 1;
    for (int i = 0; i < kernel.size() - 2; i++) {
      taps = Math.multiplyExact(taps, kernel.get(2 + i).value());
      phases = Math.multiplyExact(phases, phases(cx, i));
      cx.require(phases <= MOST_PHASES, "a transposed convolution whose strides are so large");
    }
    phases(cx, List.of());
    cx.flops(cx.meta(0).numel().times(kernel.get(1)).times(2 * taps));
  }

  /** How many phases dimension {@code i} has: no more than outputs. */
  private static long phases(Conversion cx, int i) {
    return Math.min(
        ConvolutionConverters.at(cx, 3, i, 1), Math.max(0, cx.result().shape().get(2 + i).max()));
  }

  /** Every phase that begins with {@code chosen}. */
  private static void phases(Conversion cx, List<Phase> chosen) {
    int i = chosen.size();
    if (i == cx.meta(0).rank() - 2) {
      emit(cx, chosen);
      return;
    }
    long stride = ConvolutionConverters.at(cx, 3, i, 1);
    for (long phase = 0; phase < phases(cx, i); phase++) {
      List<Phase> more = new ArrayList<>(chosen);
      more.add(
          Phase.of(
              phase,
              cx.meta(1).shape().get(2 + i).value(),
              stride,
              ConvolutionConverters.at(cx, 4, i, 0),
              ConvolutionConverters.at(cx, 5, i, 1),
              cx.result().shape().get(2 + i)));
      if (!more.getLast().outputs.is(0)) {
        phases(cx, more);
      }
    }
  }

  private static void emit(Conversion cx, List<Phase> phases) {
    if (phases.stream().anyMatch(p -> p.taps == 0)) {
      biasAlone(cx, phases);
      return;
    }
    List<Dim> x = cx.meta(0).shape();
    Dim outputs = cx.result().shape().get(1);
    List<Template.Window> window = new ArrayList<>();
    for (int i = 0; i < phases.size(); i++) {
      window.add(phases.get(i).window(x.get(2 + i)));
    }
    Template.Conv conv = ConvolutionConverters.of(cx, outputs, window);
    Dim inPerGroup = x.get(1).floorDiv(conv.groups());
    Dim outPerGroup = outputs.floorDiv(conv.groups());
    ConvolutionConverters.emit(
        cx,
        conv,
        k -> {
          List<Dim> tap = new ArrayList<>();
          tap.add(k.get(0).floorDiv(outPerGroup).times(inPerGroup).plus(k.get(1)));
          tap.add(k.get(0).mod(outPerGroup));
          for (int i = 0; i < phases.size(); i++) {
            tap.add(phases.get(i).mirrored(k.get(2 + i)));
          }
          return tap;
        },
        o -> place(phases, o));
  }

  private static List<Dim> place(List<Phase> phases, List<Dim> index) {
    List<Dim> place = new ArrayList<>(index.subList(0, 2));
    for (int i = 0; i < phases.size(); i++) {
      place.add(phases.get(i).place(index.get(2 + i)));
    }
    return place;
  }

  /** Pixels that no tap reaches. */
  private static void biasAlone(Conversion cx, List<Phase> phases) {
    List<Dim> extents = new ArrayList<>(cx.result().shape().subList(0, 2));
    phases.forEach(p -> extents.add(p.outputs));
    List<Dim.Symbol> axes = cx.axes(extents);
    List<Dim> index = Conversion.dims(axes);
    Expr zero = Expr.literal(DType.FLOAT32, 0.0);
    cx.part(axes, place(phases, index), cx.has(2) ? cx.load(2, List.of(index.get(1))) : zero);
  }
}
