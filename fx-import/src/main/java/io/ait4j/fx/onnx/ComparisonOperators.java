package io.ait4j.fx.onnx;

import static io.ait4j.fx.Arg.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import java.util.List;

/** Comparisons, truth values, choices by them, and casts. */
final class ComparisonOperators {
  private ComparisonOperators() {}

  static void addTo(OperatorTable table) {
    table.add("Equal", c -> compared(c, "eq", "eq"));
    table.add("Less", c -> compared(c, "lt", "gt"));
    table.add("LessOrEqual", c -> compared(c, "le", "ge"));
    table.add("Greater", c -> compared(c, "gt", "lt"));
    table.add("GreaterOrEqual", c -> compared(c, "ge", "le"));
    table.add("And", c -> ArithmeticOperators.binary(c, "logical_and"));
    table.add("Or", c -> ArithmeticOperators.binary(c, "logical_or"));
    table.add("Xor", c -> ArithmeticOperators.binary(c, "logical_xor"));
    ArithmeticOperators.unary(table, "Not=logical_not IsNaN=isnan");
    table.add("IsInf", ComparisonOperators::infinite);
    table.add("Where", ComparisonOperators::chosen);
    table.addValues("Cast", c -> cast(c, ElementTypes.dtype(target(c), "the result")));
    table.addValues("CastLike", c -> cast(c, c.dtype(1)));
  }

  /** With a number on either side; {@code mirrored} is the operator seen from the right. */
  private static Arg compared(OnnxCall c, String name, String mirrored) {
    ArithmeticOperators.sameType(c);
    Arg right = c.operand(1, 0);
    if (isNumber(right)) {
      return c.call(name + ".Scalar", c.tensor(0), right);
    }
    Arg left = c.operand(0, 1);
    return isNumber(left)
        ? c.call(mirrored + ".Scalar", c.tensor(1), left)
        : c.call(name + ".Tensor", c.tensor(0), c.tensor(1));
  }

  private static boolean isNumber(Arg arg) {
    return arg instanceof Arg.Int || arg instanceof Arg.Float;
  }

  private static Arg infinite(OnnxCall c) {
    boolean negative = c.attributes().flag("detect_negative", true);
    boolean positive = c.attributes().flag("detect_positive", true);
    if (negative && positive) {
      return c.call("isinf", c.tensor(0));
    }
    if (!negative && !positive) {
      return c.call("full", Arg.ofDims(c.shape(0)), of(false), new Arg.Type(DType.BOOL));
    }
    double wanted = negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    return c.call("eq.Scalar", c.tensor(0), of(wanted));
  }

  private static Arg chosen(OnnxCall c) {
    if (c.dtype(1) != c.dtype(2)) {
      throw c.error("it chooses between different types; export the model anew");
    }
    Arg yes = number(c, 1, 2);
    Arg no = yes instanceof Arg.Value ? number(c, 2, 1) : c.tensor(2);
    return c.call("where.self", c.tensor(0), yes, no);
  }

  /** A number only if what it is chosen against tells its type, and the shape is another's. */
  private static Arg number(OnnxCall c, int i, int other) {
    int rank = Math.max(c.rank(0), c.rank(other));
    return c.number(i, n -> c.rank(i) <= rank && isNumber(n)).orElseGet(() -> c.tensor(i));
  }

  private static int target(OnnxCall c) {
    return (int) c.attributes().integer("to", 0);
  }

  /** A cast to the type it has is the value itself. */
  private static List<OnnxValue> cast(OnnxCall c, DType dtype) {
    return List.of(
        c.dtype(0) == dtype
            ? c.value(0)
            : c.out().value(c.call("_to_copy", c.tensor(0), new Arg.Type(dtype))));
  }
}
