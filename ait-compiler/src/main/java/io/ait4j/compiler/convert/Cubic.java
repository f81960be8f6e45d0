package io.ait4j.compiler.convert;

import static io.ait4j.compiler.ir.Expr.binary;
import static io.ait4j.compiler.ir.Expr.literal;

import io.ait4j.compiler.ir.BinaryOp;
import io.ait4j.compiler.ir.Expr;

/** Cubic convolution's weights at a distance, with its parameter {@code a}. */
final class Cubic {
  private Cubic() {}

  /** At a distance of at most 1. */
  static Expr inner(double a, Expr x) {
    Expr line = minus(times(x, a + 2), a + 3);
    return plus(binary(BinaryOp.MUL, binary(BinaryOp.MUL, line, x), x), 1);
  }

  /** At a distance between 1 and 2. */
  static Expr outer(double a, Expr x) {
    Expr square = plus(binary(BinaryOp.MUL, minus(times(x, a), 5 * a), x), 8 * a);
    return minus(binary(BinaryOp.MUL, square, x), 4 * a);
  }

  private static Expr times(Expr x, double factor) {
    return binary(BinaryOp.MUL, x, literal(x.dtype(), factor));
  }

  private static Expr plus(Expr x, double term) {
    return binary(BinaryOp.ADD, x, literal(x.dtype(), term));
  }

  private static Expr minus(Expr x, double term) {
    return binary(BinaryOp.SUB, x, literal(x.dtype(), term));
  }
}
