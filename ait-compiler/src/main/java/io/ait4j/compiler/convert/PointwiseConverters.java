package io.ait4j.compiler.convert;

import static io.ait4j.compiler.ir.Expr.binary;
import static io.ait4j.compiler.ir.Expr.literal;
import static io.ait4j.compiler.ir.Expr.select;
import static io.ait4j.compiler.ir.Expr.unary;

import io.ait4j.compiler.ir.BinaryOp;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Halves;
import io.ait4j.compiler.ir.UnaryOp;
import io.ait4j.fx.DType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** Operators that compute each element from the elements at the same place of their operands. */
final class PointwiseConverters implements ConverterProvider {
  private final Map<String, Converter> table = new HashMap<>();

  @Override
  public Map<String, Converter> converters() {
    unaries();
    activations();
    binaries();
    comparisons();
    selections();
    return table;
  }

  private void unaries() {
    Map.ofEntries(
            Map.entry("neg", UnaryOp.NEG),
            Map.entry("abs", UnaryOp.ABS),
            Map.entry("sign", UnaryOp.SIGN),
            Map.entry("exp", UnaryOp.EXP),
            Map.entry("expm1", UnaryOp.EXPM1),
            Map.entry("log", UnaryOp.LOG),
            Map.entry("log1p", UnaryOp.LOG1P),
            Map.entry("log2", UnaryOp.LOG2),
            Map.entry("sqrt", UnaryOp.SQRT),
            Map.entry("rsqrt", UnaryOp.RSQRT),
            Map.entry("reciprocal", UnaryOp.RECIPROCAL),
            Map.entry("sin", UnaryOp.SIN),
            Map.entry("cos", UnaryOp.COS),
            Map.entry("tan", UnaryOp.TAN),
            Map.entry("asin", UnaryOp.ASIN),
            Map.entry("acos", UnaryOp.ACOS),
            Map.entry("atan", UnaryOp.ATAN),
            Map.entry("sinh", UnaryOp.SINH),
            Map.entry("cosh", UnaryOp.COSH),
            Map.entry("asinh", UnaryOp.ASINH),
            Map.entry("acosh", UnaryOp.ACOSH),
            Map.entry("atanh", UnaryOp.ATANH),
            Map.entry("erfc", UnaryOp.ERFC),
            Map.entry("log10", UnaryOp.LOG10),
            Map.entry("tanh", UnaryOp.TANH),
            Map.entry("sigmoid", UnaryOp.SIGMOID),
            Map.entry("erf", UnaryOp.ERF),
            Map.entry("floor", UnaryOp.FLOOR),
            Map.entry("ceil", UnaryOp.CEIL),
            Map.entry("round", UnaryOp.ROUND),
            Map.entry("trunc", UnaryOp.TRUNC),
            Map.entry("relu", UnaryOp.RELU),
            Map.entry("silu", UnaryOp.SILU),
            Map.entry("bitwise_not", UnaryOp.BITWISE_NOT))
        .forEach((name, op) -> defineUnary(name, op));
    for (UnaryOp op : new UnaryOp[] {UnaryOp.LOGICAL_NOT, UnaryOp.IS_NAN, UnaryOp.IS_INF}) {
      String name =
          op == UnaryOp.LOGICAL_NOT ? "logical_not" : op == UnaryOp.IS_NAN ? "isnan" : "isinf";
      table.put(
          "aten::" + name,
          cx ->
              cx.pointwise(
                  i -> {
                    return unary(op, cx.exact(0, i, cx.meta(0).dtype()));
                  }));
    }
    table.put("aten::_to_copy", PointwiseConverters::copy);
    table.put("aten::clone", cx -> cx.pointwise(i -> cx.broadcast(0, i, cx.result().dtype())));
    table.put("aten::alias", table.get("aten::clone"));
    table.put("aten::contiguous", table.get("aten::clone"));
  }

  /** A conversion that the model asks for rounds even where nothing is stored. */
  private static void copy(Conversion cx) {
    DType dtype = cx.result().dtype();
    cx.pointwise(
        i -> {
          Expr x = cx.broadcast(0, i, Promotion.compute(dtype));
          return cx.meta(0).dtype() == dtype ? x : Halves.rounded(dtype, x);
        });
  }

  private void defineUnary(String name, UnaryOp op) {
    boolean jumps =
        switch (op) {
          case SIGN, FLOOR, CEIL, ROUND, TRUNC -> true;
          default -> false;
        };
    table.put(
        "aten::" + name,
        cx ->
            cx.pointwise(
                i ->
                    unary(
                        op,
                        jumps
                            ? cx.exact(0, i, cx.result().dtype())
                            : cx.broadcast(0, i, compute(cx)))));
  }

  private static DType compute(Conversion cx) {
    DType dtype = cx.result().dtype();
    cx.require(!dtype.isComplex(), "complex numbers");
    return Promotion.compute(dtype);
  }

  private void activations() {
    table.put(
        "aten::gelu",
        cx -> {
          UnaryOp op = cx.string(1, "none").equals("tanh") ? UnaryOp.GELU_TANH : UnaryOp.GELU_ERF;
          cx.pointwise(i -> unary(op, cx.broadcast(0, i, compute(cx))));
        });
    table.put(
        "aten::leaky_relu",
        cx ->
            cx.pointwise(
                i -> {
                  Expr x = cx.broadcast(0, i, compute(cx));
                  return select(
                      binary(BinaryOp.GT, x, literal(x.dtype(), 0.0)),
                      x,
                      times(x, cx.floating(1, 0.01)));
                }));
    table.put(
        "aten::elu",
        cx ->
            cx.pointwise(
                i -> {
                  Expr x = cx.broadcast(0, i, compute(cx));
                  double alpha = cx.floating(1, 1);
                  double scale = cx.floating(2, 1);
                  double inputScale = cx.floating(3, 1);
                  Expr negative = times(unary(UnaryOp.EXPM1, times(x, inputScale)), alpha * scale);
                  return select(
                      binary(BinaryOp.GT, x, literal(x.dtype(), 0.0)), times(x, scale), negative);
                }));
    table.put(
        "aten::hardtanh",
        cx ->
            cx.pointwise(
                i ->
                    clamp(cx.broadcast(0, i, compute(cx)), cx.floating(1, -1), cx.floating(2, 1))));
    table.put(
        "aten::hardsigmoid", cx -> cx.pointwise(i -> hardSigmoid(cx.broadcast(0, i, compute(cx)))));
    table.put(
        "aten::hardswish",
        cx ->
            cx.pointwise(
                i -> {
                  Expr x = cx.broadcast(0, i, compute(cx));
                  return binary(BinaryOp.MUL, x, hardSigmoid(x));
                }));
    table.put(
        "aten::softplus",
        cx ->
            cx.pointwise(
                i ->
                    softplus(
                        cx.broadcast(0, i, compute(cx)), cx.floating(1, 1), cx.floating(2, 20))));
    table.put(
        "aten::mish",
        cx ->
            cx.pointwise(
                i -> {
                  Expr x = cx.broadcast(0, i, compute(cx));
                  return binary(BinaryOp.MUL, x, unary(UnaryOp.TANH, softplus(x, 1, 20)));
                }));
  }

  private static Expr times(Expr x, double factor) {
    return factor == 1 ? x : binary(BinaryOp.MUL, x, literal(x.dtype(), factor));
  }

  private static Expr plus(Expr x, double term) {
    return binary(BinaryOp.ADD, x, literal(x.dtype(), term));
  }

  private static Expr clamp(Expr x, double low, double high) {
    return binary(
        BinaryOp.MIN, literal(x.dtype(), high), binary(BinaryOp.MAX, literal(x.dtype(), low), x));
  }

  private static Expr hardSigmoid(Expr x) {
    return binary(BinaryOp.DIV, clamp(plus(x, 3), 0, 6), literal(x.dtype(), 6.0));
  }

  private static Expr softplus(Expr x, double beta, double threshold) {
    Expr scaled = times(x, beta);
    Expr smooth = unary(UnaryOp.LOG1P, unary(UnaryOp.EXP, scaled));
    return select(
        binary(BinaryOp.GT, scaled, literal(x.dtype(), threshold)),
        x,
        beta == 1 ? smooth : binary(BinaryOp.DIV, smooth, literal(x.dtype(), beta)));
  }

  private void binaries() {
    defineBinary(
        "add.Tensor",
        (cx, operands) -> {
          Expr right = operands[1];
          if (cx.has(2)) {
            Expr alpha = cx.number(2, right.dtype());
            if (!(alpha instanceof Expr.Literal l && l.floating() == 1)) {
              right = binary(BinaryOp.MUL, right, alpha);
            }
          }
          return binary(
              right.dtype() == DType.BOOL ? BinaryOp.OR : BinaryOp.ADD, operands[0], right);
        });
    defineBinary(
        "sub.Tensor",
        (cx, operands) -> {
          Expr right = operands[1];
          if (cx.has(2)) {
            Expr alpha = cx.number(2, right.dtype());
            if (!(alpha instanceof Expr.Literal l && l.floating() == 1)) {
              right = binary(BinaryOp.MUL, right, alpha);
            }
          }
          return binary(BinaryOp.SUB, operands[0], right);
        });
    defineBinary(
        "mul.Tensor",
        (cx, o) -> binary(o[0].dtype() == DType.BOOL ? BinaryOp.AND : BinaryOp.MUL, o[0], o[1]));
    defineBinary("div.Tensor", (cx, o) -> binary(BinaryOp.DIV, o[0], o[1]));
    defineJump(
        "div.Tensor_mode",
        (cx, o) ->
            binary(
                switch (cx.string(2, "")) {
                  case "floor" -> BinaryOp.FLOOR_DIV;
                  case "trunc" -> BinaryOp.TRUNC_DIV;
                  case String other -> BinaryOp.DIV;
                },
                o[0],
                o[1]));
    defineJump("floor_divide", (cx, o) -> binary(BinaryOp.FLOOR_DIV, o[0], o[1]));
    defineBinary("maximum", (cx, o) -> binary(BinaryOp.MAX, o[0], o[1]));
    defineBinary("minimum", (cx, o) -> binary(BinaryOp.MIN, o[0], o[1]));
    defineJump("fmod.Tensor", (cx, o) -> binary(BinaryOp.FMOD, o[0], o[1]));
    defineJump("remainder.Tensor", (cx, o) -> binary(BinaryOp.REMAINDER, o[0], o[1]));
    defineBinary("atan2", (cx, o) -> binary(BinaryOp.ATAN2, o[0], o[1]));
    defineBinary("bitwise_and.Tensor", (cx, o) -> binary(BinaryOp.AND, o[0], o[1]));
    defineBinary("bitwise_or.Tensor", (cx, o) -> binary(BinaryOp.OR, o[0], o[1]));
    defineBinary("bitwise_xor.Tensor", (cx, o) -> binary(BinaryOp.XOR, o[0], o[1]));
    for (String overload : List.of("Tensor", "Tensor_Scalar")) {
      defineBinary(
          "bitwise_left_shift." + overload, (cx, o) -> binary(BinaryOp.SHIFT_LEFT, o[0], o[1]));
      defineBinary(
          "bitwise_right_shift." + overload, (cx, o) -> binary(BinaryOp.SHIFT_RIGHT, o[0], o[1]));
    }
    defineBinary("pow.Tensor_Tensor", (cx, o) -> power(cx, o[0], o[1]));
    defineBinary("pow.Scalar", (cx, o) -> power(cx, o[0], o[1]));
    table.put(
        "aten::pow.Tensor_Scalar",
        cx ->
            cx.pointwise(
                i -> power(cx, cx.broadcast(0, i, compute(cx)), cx.number(1, compute(cx)))));
    for (BinaryOp op : new BinaryOp[] {BinaryOp.AND, BinaryOp.OR, BinaryOp.XOR}) {
      table.put(
          "aten::logical_" + op.name().toLowerCase(java.util.Locale.ROOT),
          cx -> cx.pointwise(i -> binary(op, truth(cx, 0, i), truth(cx, 1, i))));
    }
  }

  private static Expr truth(Conversion cx, int arg, List<io.ait4j.fx.Dim> index) {
    return cx.broadcast(arg, index, DType.BOOL);
  }

  private void defineJump(String name, BiFunction<Conversion, Expr[], Expr> body) {
    table.put(
        "aten::" + name,
        cx -> {
          DType dtype = cx.result().dtype();
          cx.require(!dtype.isComplex(), "complex numbers");
          cx.pointwise(
              i -> body.apply(cx, new Expr[] {cx.exact(0, i, dtype), cx.exact(1, i, dtype)}));
        });
  }

  private void defineBinary(String name, BiFunction<Conversion, Expr[], Expr> body) {
    table.put(
        "aten::" + name,
        cx ->
            cx.pointwise(
                i ->
                    body.apply(
                        cx,
                        new Expr[] {
                          cx.broadcast(0, i, compute(cx)), cx.broadcast(1, i, compute(cx))
                        })));
  }

  /** Small integer exponents multiply, as libtorch does; the rest needs floating point. */
  private static Expr power(Conversion cx, Expr x, Expr exponent) {
    if (exponent instanceof Expr.Literal literal) {
      double e = literal.floating();
      boolean floating = x.dtype().isFloating();
      if (e == 1) {
        return x;
      } else if (e == 2) {
        return binary(BinaryOp.MUL, x, x);
      } else if (e == 3) {
        return binary(BinaryOp.MUL, binary(BinaryOp.MUL, x, x), x);
      } else if (e == 0.5 && floating) {
        return unary(UnaryOp.SQRT, x);
      } else if (e == -0.5 && floating) {
        return unary(UnaryOp.RSQRT, x);
      } else if (e == -1 && floating) {
        return unary(UnaryOp.RECIPROCAL, x);
      } else if (e == -2 && floating) {
        return unary(UnaryOp.RECIPROCAL, binary(BinaryOp.MUL, x, x));
      }
    }
    cx.require(x.dtype() != DType.BOOL, "a power of truth values");
    return binary(BinaryOp.POW, x, exponent);
  }

  private void comparisons() {
    Map.of(
            "eq",
            BinaryOp.EQ,
            "ne",
            BinaryOp.NE,
            "lt",
            BinaryOp.LT,
            "le",
            BinaryOp.LE,
            "gt",
            BinaryOp.GT,
            "ge",
            BinaryOp.GE)
        .forEach(
            (name, op) -> {
              Converter converter =
                  cx ->
                      cx.pointwise(
                          i -> {
                            DType dtype = Promotion.of(cx, 0, 1);
                            cx.require(!dtype.isComplex(), "complex numbers");
                            return binary(op, cx.exact(0, i, dtype), cx.exact(1, i, dtype));
                          });
              table.put("aten::" + name + ".Tensor", converter);
              table.put("aten::" + name + ".Scalar", converter);
            });
  }

  private void selections() {
    table.put(
        "aten::where.self",
        cx ->
            cx.pointwise(
                i ->
                    select(
                        cx.broadcast(0, i, DType.BOOL),
                        cx.broadcast(1, i, compute(cx)),
                        cx.broadcast(2, i, compute(cx)))));
    Converter masked =
        cx ->
            cx.pointwise(
                i ->
                    select(
                        cx.broadcast(1, i, DType.BOOL),
                        cx.broadcast(2, i, compute(cx)),
                        cx.broadcast(0, i, compute(cx))));
    table.put("aten::masked_fill.Scalar", masked);
    table.put("aten::masked_fill.Tensor", masked);
    // The bound on the left: of two equal zeros libtorch keeps the tensor's.
    Converter clamp =
        cx ->
            cx.pointwise(
                i -> {
                  Expr x = cx.broadcast(0, i, compute(cx));
                  if (cx.has(1)) {
                    x = binary(BinaryOp.MAX, cx.broadcast(1, i, compute(cx)), x);
                  }
                  return cx.has(2) ? binary(BinaryOp.MIN, cx.broadcast(2, i, compute(cx)), x) : x;
                });
    table.put("aten::clamp", clamp);
    table.put("aten::clamp.Tensor", clamp);
  }
}
