package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.BinaryOp;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.UnaryOp;
import io.ait4j.fx.DType;
import java.util.ArrayList;
import java.util.List;

/**
 * Activations written out: GELU by the error function or by tanh, SiLU and the sigmoid. What each
 * computes for one element is one function, which has a shorter way than its parts.
 */
final class RecogniseActivations implements Pass {
  private static final double CUBIC = 0.044715;

  @Override
  public Program run(Program program) {
    return program.withKernels(
        program.kernels().stream()
            .map(k -> Sites.map(k, (site, expr) -> expr.rewrite(RecogniseActivations::recognised)))
            .toList());
  }

  private static Expr recognised(Expr e) {
    if (!(e instanceof Expr.Binary binary) || binary.dtype() != DType.FLOAT32) {
      return e;
    }
    return switch (binary.op()) {
      case MUL -> product(binary);
      case DIV -> quotient(binary);
      default -> e;
    };
  }

  /** A product as its number and its other factors. */
  private record Factors(double number, List<Expr> others) {
    static Factors of(Expr e) {
      List<Expr> others = new ArrayList<>();
      return new Factors(collect(e, others), others);
    }

    private static double collect(Expr e, List<Expr> others) {
      if (e instanceof Expr.Literal literal) {
        return literal.floating();
      }
      if (e instanceof Expr.Binary(BinaryOp op, DType dtype, Expr left, Expr right)) {
        if (op == BinaryOp.MUL) {
          return collect(left, others) * collect(right, others);
        }
        if (op == BinaryOp.DIV && right instanceof Expr.Literal divisor) {
          return collect(left, others) / divisor.floating();
        }
      }
      others.add(e);
      return 1;
    }

    /** The factor beside {@code x} if there are these two; else null. */
    Expr beside(Expr x) {
      int at = others.indexOf(x);
      return others.size() == 2 && at >= 0 ? others.get(1 - at) : null;
    }
  }

  private static Expr product(Expr.Binary e) {
    Factors factors = Factors.of(e);
    if (factors.others.size() != 2) {
      return e;
    }
    for (Expr x : factors.others) {
      Expr other = factors.beside(x);
      if (is(factors.number, 1)
          && other instanceof Expr.Unary(UnaryOp op, DType t, Expr of)
          && op == UnaryOp.SIGMOID
          && of.equals(x)) {
        return Expr.unary(UnaryOp.SILU, x);
      }
      if (is(factors.number, 0.5)
          && onePlus(other) instanceof Expr.Unary(UnaryOp op, DType t, Expr of)) {
        if (op == UnaryOp.ERF && isTimes(of, x, Math.sqrt(0.5))) {
          return Expr.unary(UnaryOp.GELU_ERF, x);
        }
        if (op == UnaryOp.TANH && isCubic(of, x)) {
          return Expr.unary(UnaryOp.GELU_TANH, x);
        }
      }
    }
    return e;
  }

  /** {@code x / (1 + exp(-x))}, and 1 in the place of the first x. */
  private static Expr quotient(Expr.Binary e) {
    if (!(onePlus(e.right()) instanceof Expr.Unary(UnaryOp op, DType t, Expr of))
        || op != UnaryOp.EXP) {
      return e;
    }
    Expr x = null;
    if (of instanceof Expr.Unary(UnaryOp sign, DType u, Expr negated) && sign == UnaryOp.NEG) {
      x = negated;
    } else {
      Factors factors = Factors.of(of);
      x = factors.others.size() == 1 && is(factors.number, -1) ? factors.others.getFirst() : null;
    }
    if (x == null) {
      return e;
    }
    if (e.left() instanceof Expr.Literal one && one.floating() == 1) {
      return Expr.unary(UnaryOp.SIGMOID, x);
    }
    return e.left().equals(x) ? Expr.unary(UnaryOp.SILU, x) : e;
  }

  /** {@code sqrt(2 / pi) * (x + 0.044715 * x * x * x)}. */
  private static boolean isCubic(Expr e, Expr x) {
    Factors outer = Factors.of(e);
    if (outer.others.size() != 1
        || !is(outer.number, Math.sqrt(2 / Math.PI))
        || !(outer.others.getFirst() instanceof Expr.Binary(BinaryOp op, DType t, Expr a, Expr b))
        || op != BinaryOp.ADD) {
      return false;
    }
    Factors cube = Factors.of(a.equals(x) ? b : a);
    return (a.equals(x) || b.equals(x))
        && is(cube.number, CUBIC)
        && cube.others.equals(List.of(x, x, x));
  }

  private static boolean isTimes(Expr e, Expr x, double number) {
    Factors factors = Factors.of(e);
    return is(factors.number, number) && factors.others.equals(List.of(x));
  }

  /** What is added to 1; null for anything else. */
  private static Expr onePlus(Expr e) {
    if (e instanceof Expr.Binary(BinaryOp op, DType t, Expr left, Expr right)
        && op == BinaryOp.ADD) {
      if (left instanceof Expr.Literal one && one.floating() == 1) {
        return right;
      }
      if (right instanceof Expr.Literal one && one.floating() == 1) {
        return left;
      }
    }
    return null;
  }

  /** The same number as written in a program: to the digits of a float, or a few less. */
  private static boolean is(double number, double expected) {
    return Math.abs(number - expected) <= 1e-6 * Math.abs(expected);
  }
}
