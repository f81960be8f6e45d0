package io.ait4j.compiler.convert;

import static io.ait4j.compiler.ir.Expr.binary;

import io.ait4j.compiler.ir.BinaryOp;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Operand;
import io.ait4j.compiler.ir.Template;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.List;

/**
 * Transposed convolution as plain convolutions: output pixels whose position has the same remainder
 * by the stride see the same taps of the kernel, so each such phase is a convolution of the input
 * with its part of the kernel, mirrored, written with gaps.
 */
final class TransposedConvolution {
  private TransposedConvolution() {}

  /**
   * One dimension of a phase: taps {@code first + stride * t}, outputs {@code phase + stride * q}.
   */
  private record Phase(long phase, long first, long taps, Dim outputs, long pad) {
    static Phase of(long phase, long kernel, long stride, long pad, Dim size) {
      long first = (phase + pad) % stride;
      long taps = first >= kernel ? 0 : (kernel - first - 1) / stride + 1;
      Dim outputs = size.minus(phase + 1).floorDiv(stride).plus(1).max(Dim.ZERO);
      return new Phase(phase, first, taps, outputs, taps - 1 - (phase + pad - first) / stride);
    }
  }

  static void convert(Conversion cx, long[] stride, long[] pad, long[] dilation, long groups) {
    cx.require(
        cx.meta(0).rank() == 4,
        "transposed convolution over " + (cx.meta(0).rank() - 2) + " spatial dimensions");
    cx.require(dilation[0] == 1 && dilation[1] == 1, "dilated transposed convolution");
    List<Dim> y = cx.result().shape();
    Conversion.constant(cx.meta(0).shape().get(1));
    long kh = Conversion.constant(cx.meta(1).shape().get(2));
    long kw = Conversion.constant(cx.meta(1).shape().get(3));
    for (long h = 0; h < stride[0]; h++) {
      for (long w = 0; w < stride[1]; w++) {
        Phase ph = Phase.of(h, kh, stride[0], pad[0], y.get(2));
        Phase pw = Phase.of(w, kw, stride[1], pad[1], y.get(3));
        if (!ph.outputs.is(0) && !pw.outputs.is(0)) {
          phase(cx, ph, pw, stride, groups);
        }
      }
    }
    cx.flops(cx.meta(0).numel().times(cx.meta(1).shape().get(1)).times(2 * kh * kw));
  }

  private static void phase(Conversion cx, Phase ph, Phase pw, long[] stride, long groups) {
    List<Dim> x = cx.meta(0).shape();
    Dim oc = cx.result().shape().get(1);
    List<Dim.Symbol> out = cx.axes(List.of(x.get(0), ph.outputs, pw.outputs, oc));
    List<Dim> o = Conversion.dims(out);
    List<Dim> index =
        List.of(
            o.get(0),
            o.get(3),
            o.get(1).times(stride[0]).plus(ph.phase),
            o.get(2).times(stride[1]).plus(pw.phase));
    if (ph.taps == 0 || pw.taps == 0) {
      Expr zero = Expr.literal(DType.FLOAT32, 0.0);
      cx.part(out, index, cx.has(2) ? cx.load(2, List.of(o.get(3))) : zero);
      return;
    }
    Template.Conv2d conv =
        new Template.Conv2d(
            x.get(0),
            x.get(1),
            x.get(2),
            x.get(3),
            oc,
            ph.outputs,
            pw.outputs,
            ph.taps,
            pw.taps,
            1,
            1,
            ph.pad,
            pw.pad,
            1,
            1,
            groups,
            Dim.ONE);
    List<Dim.Symbol> image = cx.axes(x);
    Dim icPerGroup = x.get(1).floorDiv(groups);
    Dim ocPerGroup = oc.floorDiv(groups);
    List<Dim.Symbol> weight = cx.axes(List.of(oc, icPerGroup, Dim.of(ph.taps), Dim.of(pw.taps)));
    List<Dim> k = Conversion.dims(weight);
    Dim ic = k.get(0).floorDiv(ocPerGroup).times(icPerGroup).plus(k.get(1));
    List<Dim> tap =
        List.of(
            ic,
            k.get(0).mod(ocPerGroup),
            mirrored(k.get(2), ph, stride[0]),
            mirrored(k.get(3), pw, stride[1]));
    Expr acc = new Expr.Accumulator(DType.FLOAT32);
    Expr body = cx.has(2) ? binary(BinaryOp.ADD, acc, cx.load(2, List.of(o.get(3)))) : acc;
    cx.template(
        "conv",
        conv,
        List.of(
            new Operand(image, cx.load(0, Conversion.dims(image))),
            new Operand(weight, cx.load(1, tap))),
        out,
        index,
        body);
  }

  private static Dim mirrored(Dim t, Phase phase, long stride) {
    return Dim.of(phase.taps - 1).minus(t).times(stride).plus(phase.first);
  }
}
