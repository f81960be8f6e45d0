package io.ait4j.compiler.convert;

import static io.ait4j.compiler.ir.Expr.binary;

import io.ait4j.compiler.ir.BinaryOp;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Operand;
import io.ait4j.compiler.ir.Template;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Convolutions over one to three spatial dimensions; those that are missing have size 1. */
final class ConvolutionConverters implements ConverterProvider {
  @Override
  public Map<String, Converter> converters() {
    return Map.of("aten::convolution", ConvolutionConverters::convolution);
  }

  private static void convolution(Conversion cx) {
    List<Dim> x = cx.meta(0).shape();
    List<Dim> w = cx.meta(1).shape();
    List<Dim> y = cx.result().shape();
    int spatial = x.size() - 2;
    cx.require(spatial <= 3, "convolution over " + spatial + " spatial dimensions");
    Conversion.constant(x.get(1));
    w.forEach(Conversion::constant);
    if (cx.bool(6, false)) {
      TransposedConvolution.convert(cx);
      return;
    }
    List<Template.Window> window = new ArrayList<>();
    for (int i = 0; i < spatial; i++) {
      window.add(
          new Template.Window(
              x.get(2 + i),
              y.get(2 + i),
              w.get(2 + i).value(),
              at(cx, 3, i, 1),
              at(cx, 4, i, 0),
              at(cx, 5, i, 1)));
    }
    Template.Conv conv = of(cx, w.getFirst(), window);
    emit(cx, conv, UnaryOperator.identity(), UnaryOperator.identity());
    cx.flops(Dim.product(conv.result()).times(w.get(1)).times(2 * conv.taps()));
  }

  /** Entry {@code i} of a list argument; a list of one stands for all dimensions. */
  static long at(Conversion cx, int arg, int i, long absent) {
    List<Long> values = cx.integers(arg);
    return values.isEmpty() ? absent : values.get(values.size() == 1 ? 0 : i);
  }

  /** A convolution of the node's image and groups, dimensions that are missing filled up. */
  static Template.Conv of(Conversion cx, Dim outputs, List<Template.Window> window) {
    List<Dim> x = cx.meta(0).shape();
    List<Template.Window> three =
        new ArrayList<>(Collections.nCopies(3 - window.size(), Template.Window.NONE));
    three.addAll(window);
    return new Template.Conv(
        x.get(0), x.get(1), outputs, three, cx.integer(8, 1), Dim.ONE, Template.Algorithm.DIRECT);
  }

  /**
   * The kernel and its bias.
   *
   * @param tap from an index into the convolution's weight to one into the node's
   * @param place from an index into the convolution's result to one into the node's
   */
  static void emit(
      Conversion cx,
      Template.Conv conv,
      UnaryOperator<List<Dim>> tap,
      UnaryOperator<List<Dim>> place) {
    if (Promotion.compute(cx.result().dtype()) != DType.FLOAT32) {
      DirectConvolution.emit(cx, conv, tap, place);
      return;
    }
    List<Dim.Symbol> image = cx.axes(conv.image());
    List<Dim.Symbol> weight = cx.axes(conv.weight());
    List<Dim.Symbol> out = cx.axes(conv.result());
    List<Dim> result = new ArrayList<>(Conversion.dims(out));
    Dim channel = result.removeLast();
    result.add(1, channel);
    Expr acc = new Expr.Accumulator(DType.FLOAT32);
    Expr body =
        cx.has(2)
            ? binary(BinaryOp.ADD, acc, Expr.cast(DType.FLOAT32, cx.load(2, List.of(channel))))
            : acc;
    cx.template(
        "conv",
        conv,
        List.of(
            new Operand(image, cx.floats(0).apply(own(cx, Conversion.dims(image)))),
            new Operand(
                weight,
                Expr.cast(DType.FLOAT32, cx.load(1, tap.apply(own(cx, Conversion.dims(weight))))))),
        out,
        place.apply(own(cx, result)),
        body);
  }

  /** An index without the dimensions that the node's tensors do not have. */
  static List<Dim> own(Conversion cx, List<Dim> index) {
    int missing = 5 - cx.meta(0).rank();
    List<Dim> result = new ArrayList<>(index);
    result.subList(2, 2 + missing).clear();
    return result;
  }
}
