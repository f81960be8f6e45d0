package io.ait4j.compiler.convert;

import static io.ait4j.compiler.ir.Expr.binary;

import io.ait4j.compiler.ir.BinaryOp;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Operand;
import io.ait4j.compiler.ir.Template;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Convolutions over one or two spatial dimensions; one dimension is two with a height of 1. */
final class ConvolutionConverters implements ConverterProvider {
  @Override
  public Map<String, Converter> converters() {
    return Map.of("aten::convolution", ConvolutionConverters::convolution);
  }

  private static void convolution(Conversion cx) {
    int spatial = cx.meta(0).rank() - 2;
    cx.require(spatial == 1 || spatial == 2, "convolution over " + spatial + " spatial dimensions");
    cx.require(
        cx.result().dtype() == DType.FLOAT32, "convolution of " + cx.result().dtype().torchName());
    boolean oneD = spatial == 1;
    List<Dim> x = cx.meta(0).shape();
    List<Dim> w = cx.meta(1).shape();
    List<Dim> y = cx.result().shape();
    Conversion.constant(x.get(1));
    w.forEach(Conversion::constant);
    long[] stride = pair(cx, 3, oneD, 1);
    long[] pad = pair(cx, 4, oneD, 0);
    long[] dilation = pair(cx, 5, oneD, 1);
    if (cx.bool(6, false)) {
      TransposedConvolution.convert(cx, stride, pad, dilation, cx.integer(8, 1));
      return;
    }
    Template.Conv2d conv =
        new Template.Conv2d(
            x.get(0),
            x.get(1),
            oneD ? Dim.ONE : x.get(2),
            x.getLast(),
            w.get(0),
            oneD ? Dim.ONE : y.get(2),
            y.getLast(),
            oneD ? 1 : Conversion.constant(w.get(2)),
            Conversion.constant(w.getLast()),
            stride[0],
            stride[1],
            pad[0],
            pad[1],
            dilation[0],
            dilation[1],
            cx.integer(8, 1),
            Dim.ONE);

    List<Dim.Symbol> image = cx.axes(List.of(conv.n(), conv.c(), conv.h(), conv.w()));
    List<Dim.Symbol> weight =
        cx.axes(List.of(conv.oc(), w.get(1), Dim.of(conv.kh()), Dim.of(conv.kw())));
    List<Dim.Symbol> out = cx.axes(List.of(conv.n(), conv.oh(), conv.ow(), conv.oc()));
    List<Dim> o = Conversion.dims(out);
    Expr acc = new Expr.Accumulator(DType.FLOAT32);
    Expr body = cx.has(2) ? binary(BinaryOp.ADD, acc, cx.load(2, List.of(o.get(3)))) : acc;
    cx.template(
        "conv",
        conv,
        List.of(
            new Operand(image, cx.load(0, drop(oneD, Conversion.dims(image)))),
            new Operand(weight, cx.load(1, drop(oneD, Conversion.dims(weight))))),
        out,
        drop(oneD, List.of(o.get(0), o.get(3), o.get(1), o.get(2))),
        body);
    cx.flops(
        Dim.product(List.of(conv.n(), conv.oh(), conv.ow(), conv.oc(), w.get(1)))
            .times(2 * conv.kh() * conv.kw()));
  }

  private static List<Dim> drop(boolean height, List<Dim> index) {
    List<Dim> result = new ArrayList<>(index);
    if (height) {
      result.remove(2);
    }
    return result;
  }

  private static long[] pair(Conversion cx, int arg, boolean oneD, long neutral) {
    if (!oneD) {
      return cx.pair(arg, neutral, neutral);
    }
    List<Long> values = cx.integers(arg);
    return new long[] {neutral, values.isEmpty() ? neutral : values.getFirst()};
  }
}
