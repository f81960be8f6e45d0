package io.ait4j.examples.operator;

import io.ait4j.compiler.convert.Conversion;
import io.ait4j.compiler.convert.Converter;
import io.ait4j.compiler.convert.ConverterProvider;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Header;
import io.ait4j.compiler.ir.UnaryOp;
import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import io.ait4j.fx.OperatorProvider;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.ValueMeta;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Two operators element by element: what they take and yield, and how they are compiled. */
public final class MyOperators implements OperatorProvider, ConverterProvider {
  private static final Header SHRINK = Header.of(MyOperators.class, "shrink.h");

  @Override
  public List<Operator> operators() {
    return List.of(
        new Operator("myops::rectify(Tensor self) -> Tensor", MyOperators::likeSelf),
        new Operator(
            "myops::shrink(Tensor self, float below=0.) -> Tensor", MyOperators::likeSelf));
  }

  private static List<TensorMeta> likeSelf(List<Arg> args, Function<String, ValueMeta> metaOf) {
    return List.of((TensorMeta) metaOf.apply(((Arg.Value) args.getFirst()).name()));
  }

  @Override
  public Map<String, Converter> converters() {
    return Map.of("myops::rectify", MyOperators::rectify, "myops::shrink", MyOperators::shrink);
  }

  /** {@code max(self, 0)} as an expression: ait4j prints the loop and fuses it. */
  private static void rectify(Conversion cx) {
    cx.pointwise(index -> new Expr.Unary(UnaryOp.RELU, cx.result().dtype(), cx.load(0, index)));
  }

  /** {@code self > below ? self : 0} by a function of our own, called with the whole tensors. */
  private static void shrink(Conversion cx) {
    Dim elements = cx.meta(0).shape().stream().reduce(Dim.ONE, Dim::times);
    cx.function(SHRINK, "shrink").read(0).write(0).real(cx.floating(1, 0)).flops(elements).emit();
  }
}
