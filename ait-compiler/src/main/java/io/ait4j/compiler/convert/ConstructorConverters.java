package io.ait4j.compiler.convert;

import io.ait4j.compiler.ir.BinaryOp;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.fx.DType;
import java.util.Map;

/** Tensors made from numbers. */
final class ConstructorConverters implements ConverterProvider {
  @Override
  public Map<String, Converter> converters() {
    return Map.of(
        "aten::full", cx -> cx.pointwise(i -> cx.number(1, cx.result().dtype())),
        "aten::scalar_tensor", cx -> cx.pointwise(i -> cx.number(0, cx.result().dtype())),
        "aten::arange.start_step", ConstructorConverters::arange);
  }

  private static void arange(Conversion cx) {
    DType dtype = Promotion.compute(cx.result().dtype());
    cx.pointwise(
        i -> {
          Expr position = Expr.cast(dtype, new Expr.Index(i.getFirst()));
          Expr offset = Expr.binary(BinaryOp.MUL, position, cx.number(2, dtype));
          return Expr.binary(BinaryOp.ADD, cx.number(0, dtype), offset);
        });
  }
}
