package io.ait4j.compiler.convert;

import static io.ait4j.compiler.ir.Expr.binary;
import static io.ait4j.compiler.ir.Expr.literal;
import static io.ait4j.compiler.ir.Expr.select;
import static io.ait4j.compiler.ir.Expr.unary;

import io.ait4j.compiler.ir.BinaryOp;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.UnaryOp;
import io.ait4j.fx.DType;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/** Functions of one or two numbers that networks rarely hold. */
final class SpecialFunctionConverters implements ConverterProvider {
  private final Map<String, Converter> table = new HashMap<>();

  @Override
  public Map<String, Converter> converters() {
    Map.ofEntries(
            Map.entry("erfinv special_erfinv", UnaryOp.ERFINV),
            Map.entry("special_erfcx", UnaryOp.ERFCX),
            Map.entry("special_ndtri", UnaryOp.NDTRI),
            Map.entry("special_log_ndtr", UnaryOp.LOG_NDTR),
            Map.entry("lgamma special_gammaln", UnaryOp.LGAMMA),
            Map.entry("digamma special_digamma special_psi", UnaryOp.DIGAMMA),
            Map.entry("i0 special_i0", UnaryOp.I0),
            Map.entry("special_i0e", UnaryOp.I0E),
            Map.entry("special_i1", UnaryOp.I1),
            Map.entry("special_i1e", UnaryOp.I1E))
        .forEach((names, op) -> one(names, x -> unary(op, x)));
    one("special_entr", SpecialFunctionConverters::entropy);
    one("angle", SpecialFunctionConverters::angle);
    table.put("aten::signbit", SpecialFunctionConverters::signBit);
    two("copysign.Tensor", (a, b) -> binary(BinaryOp.COPY_SIGN, a, b));
    two("hypot", (a, b) -> binary(BinaryOp.HYPOT, a, b));
    two("fmax", (a, b) -> numberOf(a, b, BinaryOp.MAX));
    two("fmin", (a, b) -> numberOf(a, b, BinaryOp.MIN));
    two("heaviside", SpecialFunctionConverters::heaviside);
    two("gcd", (a, b) -> binary(BinaryOp.GCD, a, b));
    two("lcm", (a, b) -> binary(BinaryOp.LCM, a, b));
    table.put("aten::nextafter", SpecialFunctionConverters::nextAfter);
    return table;
  }

  private void one(String names, UnaryOperator<Expr> body) {
    for (String name : names.split(" ")) {
      table.put(
          "aten::" + name,
          cx -> {
            DType dtype = compute(cx);
            cx.pointwise(i -> body.apply(cx.broadcast(0, i, dtype)));
          });
    }
  }

  /** Those that jump, too: what their operands are decides. */
  private void two(String name, BinaryOperator<Expr> body) {
    table.put(
        "aten::" + name,
        cx -> {
          compute(cx);
          DType dtype = cx.result().dtype();
          cx.pointwise(i -> body.apply(cx.exact(0, i, dtype), cx.exact(1, i, dtype)));
        });
  }

  private static DType compute(Conversion cx) {
    DType dtype = cx.result().dtype();
    cx.require(!dtype.isComplex() && !cx.meta(0).dtype().isComplex(), "complex numbers");
    return Promotion.compute(dtype);
  }

  private static Expr zero(Expr like) {
    return literal(like.dtype(), 0L);
  }

  private static Expr isNan(Expr x) {
    return unary(UnaryOp.IS_NAN, x);
  }

  private static Expr entropy(Expr x) {
    Expr positive = unary(UnaryOp.NEG, binary(BinaryOp.MUL, x, unary(UnaryOp.LOG, x)));
    Expr rest =
        select(
            binary(BinaryOp.EQ, x, zero(x)), zero(x), literal(x.dtype(), Double.NEGATIVE_INFINITY));
    return select(isNan(x), x, select(binary(BinaryOp.GT, x, zero(x)), positive, rest));
  }

  /** Of a real number: pi where it is negative. */
  private static Expr angle(Expr x) {
    Expr turned = select(binary(BinaryOp.LT, x, zero(x)), literal(x.dtype(), Math.PI), zero(x));
    return select(isNan(x), x, turned);
  }

  private static void signBit(Conversion cx) {
    DType dtype = cx.meta(0).dtype();
    cx.require(!dtype.isComplex(), "complex numbers");
    cx.pointwise(
        i -> {
          Expr x = cx.exact(0, i, dtype);
          return dtype.isFloating()
              ? unary(UnaryOp.SIGN_BIT, x)
              : dtype == DType.BOOL ? zero(x) : binary(BinaryOp.LT, x, zero(x));
        });
  }

  /** The extreme of two, NaN only if both are. */
  private static Expr numberOf(Expr a, Expr b, BinaryOp op) {
    return select(isNan(a), b, select(isNan(b), a, binary(op, a, b)));
  }

  private static Expr heaviside(Expr x, Expr atZero) {
    Expr step = Expr.cast(x.dtype(), binary(BinaryOp.GT, x, zero(x)));
    return select(binary(BinaryOp.EQ, x, zero(x)), atZero, step);
  }

  private static void nextAfter(Conversion cx) {
    DType dtype = cx.result().dtype();
    cx.require(
        dtype == DType.FLOAT32 || dtype == DType.FLOAT64, "neighbours of " + dtype.torchName());
    cx.pointwise(
        i -> binary(BinaryOp.NEXT_AFTER, cx.broadcast(0, i, dtype), cx.broadcast(1, i, dtype)));
  }
}
