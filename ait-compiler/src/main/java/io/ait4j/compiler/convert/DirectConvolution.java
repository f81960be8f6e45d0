package io.ait4j.compiler.convert;

import static io.ait4j.compiler.ir.Expr.binary;
import static io.ait4j.compiler.ir.Expr.literal;

import io.ait4j.compiler.ir.BinaryOp;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.ReduceOp;
import io.ait4j.compiler.ir.Template;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Convolutions of float64 and of integers, which are rare: a plain loop. */
final class DirectConvolution {
  private DirectConvolution() {}

  /** As {@link ConvolutionConverters#emit}. */
  static void emit(
      Conversion cx,
      Template.Conv conv,
      UnaryOperator<List<Dim>> tap,
      UnaryOperator<List<Dim>> place) {
    DType dtype = cx.result().dtype();
    cx.require(dtype != DType.BOOL && !dtype.isComplex(), "convolution of " + dtype.torchName());
    List<Dim.Symbol> out = cx.axes(conv.result());
    List<Dim> result = new ArrayList<>(Conversion.dims(out));
    Dim channel = result.removeLast();
    result.add(1, channel);
    List<Dim> weight = conv.weight();
    List<Dim.Symbol> reduced = cx.axes(weight.subList(1, weight.size()));
    List<Dim> k = Conversion.dims(reduced);

    Dim group = channel.floorDiv(conv.oc().floorDiv(conv.groups()));
    List<Dim> pixel = new ArrayList<>();
    pixel.add(result.getFirst());
    pixel.add(group.times(weight.get(1)).plus(k.getFirst()));
    Expr inside = literal(DType.BOOL, 1L);
    for (int i = 0; i < conv.window().size(); i++) {
      Template.Window w = conv.window().get(i);
      Dim at = result.get(2 + i).times(w.stride()).minus(w.pad());
      at = at.plus(k.get(1 + i).times(w.dilation()));
      inside = ViewConverters.and(inside, Expr.within(at, Dim.ZERO, w.in()));
      pixel.add(at);
    }
    List<Dim> element = new ArrayList<>(k);
    element.addFirst(channel);
    Expr x = Expr.cast(dtype, cx.load(0, ConvolutionConverters.own(cx, pixel)));
    Expr w = Expr.cast(dtype, cx.load(1, tap.apply(ConvolutionConverters.own(cx, element))));
    Expr sum =
        new Expr.Reduce(
            ReduceOp.SUM,
            reduced,
            Expr.guarded(inside, binary(BinaryOp.MUL, x, w), literal(dtype, 0L)));
    cx.part(
        out,
        place.apply(ConvolutionConverters.own(cx, result)),
        cx.has(2) ? binary(BinaryOp.ADD, sum, cx.load(2, List.of(channel))) : sum);
  }
}
