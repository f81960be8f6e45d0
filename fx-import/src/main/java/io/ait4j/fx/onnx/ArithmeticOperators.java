package io.ait4j.fx.onnx;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;

/** Arithmetic element by element. */
final class ArithmeticOperators {
  private ArithmeticOperators() {}

  static void addTo(OperatorTable table) {
    table.add("Add", c -> commutative(c, "add.Tensor"));
    table.add("Mul", c -> commutative(c, "mul.Tensor"));
    table.add("Sub", ArithmeticOperators::minus);
    table.add("Div", ArithmeticOperators::divided);
    table.add("Pow", ArithmeticOperators::power);
    table.add("Mod", ArithmeticOperators::modulo);
    table.add("Sum", c -> joined(c, "add.Tensor"));
    table.add("Mean", c -> c.call("div.Tensor", joined(c, "add.Tensor"), Arg.of(c.count())));
    table.add("Max", c -> extreme(c, "maximum"));
    table.add("Min", c -> extreme(c, "minimum"));
    table.add("Clip", ArithmeticOperators::clipped);
    table.add("BitwiseAnd", c -> commutative(c, "bitwise_and.Tensor"));
    table.add("BitwiseOr", c -> commutative(c, "bitwise_or.Tensor"));
    table.add("BitwiseXor", c -> commutative(c, "bitwise_xor.Tensor"));
    unary(table, "Abs=abs Neg=neg Ceil=ceil Floor=floor Round=round Sign=sign Exp=exp Log=log");
    unary(table, "Sqrt=sqrt Reciprocal=reciprocal Sin=sin Cos=cos Erf=erf BitwiseNot=bitwise_not");
    unary(table, "Tan=tan Sinh=sinh Cosh=cosh Asin=asin Acos=acos Atan=atan");
    unary(table, "Asinh=asinh Acosh=acosh Atanh=atanh");
    table.add("BitShift", ArithmeticOperators::shifted);
  }

  /** Operators that are one of ATen's, {@code Onnx=aten}. */
  static void unary(OperatorTable table, String names) {
    for (String pair : names.split(" ")) {
      String[] both = pair.split("=");
      table.add(both[0], c -> c.call(both[1], c.tensor(0)));
    }
  }

  private static Arg shifted(OnnxCall c) {
    return switch (c.attributes().text("direction", "")) {
      case "LEFT" -> binary(c, "bitwise_left_shift.Tensor");
      case "RIGHT" -> binary(c, "bitwise_right_shift.Tensor");
      default -> throw c.error("it has no direction");
    };
  }

  /** Both operands in the operator's order. */
  static Arg binary(OnnxCall c, String name) {
    sameType(c);
    return c.call(name, c.tensor(0), c.operand(1, 0));
  }

  static void sameType(OnnxCall c) {
    for (int i = 1; i < c.count(); i++) {
      if (c.dtype(i) != c.dtype(0)) {
        throw c.error(
            "its inputs have different types, %s and %s; export the model anew"
                .formatted(c.dtype(0).torchName(), c.dtype(i).torchName()));
      }
    }
  }

  /** A number comes second, where schemas take one. */
  private static Arg commutative(OnnxCall c, String name) {
    sameType(c);
    return c.operand(0, 1) instanceof Arg.Value
        ? c.call(name, c.tensor(0), c.operand(1, 0))
        : c.call(name, c.tensor(1), c.operand(0, 1));
  }

  private static Arg minus(OnnxCall c) {
    sameType(c);
    Arg left = c.operand(0, 1);
    return left instanceof Arg.Value || left instanceof Arg.SymInt
        ? c.call("sub.Tensor", c.tensor(0), c.operand(1, 0))
        : c.call("rsub.Scalar", c.tensor(1), left);
  }

  /** Of integers: rounded towards zero. */
  private static Arg divided(OnnxCall c) {
    sameType(c);
    if (c.dtype(0).isInteger()) {
      return c.call("div.Tensor_mode", c.tensor(0), c.operand(1, 0), new Arg.Str("trunc"));
    }
    return c.number(0, n -> n.equals(Arg.of(1.0)) && c.isPlain(0, 1)).isPresent()
        ? c.call("reciprocal", c.tensor(1))
        : c.call("div.Tensor", c.tensor(0), c.operand(1, 0));
  }

  /** The result has the base's type, whatever the exponent's. */
  private static Arg power(OnnxCall c) {
    DType type = c.dtype(0);
    Arg exponent = c.number(1, n -> c.rank(1) <= c.rank(0)).orElse(null);
    if (exponent instanceof Arg.Float || exponent instanceof Arg.Int) {
      return type.isFloating() || exponent instanceof Arg.Int
          ? c.call("pow.Tensor_Scalar", c.tensor(0), exponent)
          : c.cast(c.call("pow.Tensor_Scalar", c.cast(c.tensor(0), DType.FLOAT64), exponent), type);
    }
    if (type.isFloating() || c.dtype(1).isInteger()) {
      return c.call("pow.Tensor_Tensor", c.tensor(0), c.cast(c.tensor(1), type));
    }
    Arg base = c.cast(c.tensor(0), DType.FLOAT64);
    return c.cast(c.call("pow.Tensor_Tensor", base, c.cast(c.tensor(1), DType.FLOAT64)), type);
  }

  private static Arg modulo(OnnxCall c) {
    if (c.attributes().flag("fmod", false)) {
      return binary(c, "fmod.Tensor");
    }
    if (c.dtype(0).isFloating()) {
      throw c.error("floating numbers need fmod = 1; export the model anew");
    }
    return binary(c, "remainder.Tensor");
  }

  private static Arg joined(OnnxCall c, String name) {
    sameType(c);
    Arg result = c.tensor(0);
    for (int i = 1; i < c.count(); i++) {
      result = c.call(name, result, c.tensor(i));
    }
    return result;
  }

  private static Arg extreme(OnnxCall c, String name) {
    sameType(c);
    for (int i = 0; c.count() == 2 && i < 2; i++) {
      Arg bound = c.operand(i, 1 - i);
      if (bound instanceof Arg.Float || bound instanceof Arg.Int) {
        return name.equals("maximum")
            ? c.call("clamp", c.tensor(1 - i), bound)
            : c.call("clamp", c.tensor(1 - i), Arg.NONE, bound);
      }
    }
    return joined(c, name);
  }

  private static Arg clipped(OnnxCall c) {
    if (!c.has(1) && !c.has(2)) {
      return c.tensor(0);
    }
    Arg low = c.has(1) ? c.operand(1, 0) : Arg.NONE;
    Arg high = c.has(2) ? c.operand(2, 0) : Arg.NONE;
    return isTensor(low) || isTensor(high)
        ? c.call("clamp.Tensor", c.tensor(0), c.optional(1), c.optional(2))
        : c.call("clamp", c.tensor(0), low, high);
  }

  private static boolean isTensor(Arg bound) {
    return bound instanceof Arg.Value || bound instanceof Arg.SymInt;
  }
}
