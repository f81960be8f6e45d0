package io.ait4j.compiler.codegen;

import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Halves;
import io.ait4j.compiler.ir.ReduceOp;
import io.ait4j.compiler.ir.Sizes;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Spelling of types, numbers and index expressions. */
public final class Cpp {
  private Cpp() {}

  /** Type of an element in memory. */
  public static String memory(DType dtype) {
    return switch (dtype) {
      case FLOAT32 -> "float";
      case FLOAT64 -> "double";
      case INT64 -> "int64_t";
      case INT32 -> "int32_t";
      case INT16 -> "int16_t";
      case INT8 -> "int8_t";
      case UINT8, BOOL -> "uint8_t";
      case FLOAT16 -> "ait::float16";
      case BFLOAT16 -> "ait::bfloat16";
      case COMPLEX64, COMPLEX128 ->
          throw new IllegalStateException(dtype + " is not compiled for CPUs");
    };
  }

  /** Type of a computed value; the bits of a half type are all that is known of it. */
  public static String value(DType dtype) {
    return dtype == DType.BOOL ? "bool" : Halves.isHalf(dtype) ? "uint16_t" : memory(dtype);
  }

  public static String literal(Expr.Literal literal) {
    return switch (literal.dtype()) {
      case FLOAT32 -> floating((float) literal.floating(), "f");
      case FLOAT64 -> floating(literal.floating(), "");
      case BOOL -> literal.integer() != 0 || literal.floating() != 0 ? "true" : "false";
      case INT64 -> integer(literal.integer());
      case FLOAT16, BFLOAT16 ->
          "uint16_t(" + Halves.bits(literal.dtype(), literal.floating()) + ")";
      case DType other -> "static_cast<" + value(other) + ">(" + integer(literal.integer()) + ")";
    };
  }

  /** A number of a floating type, which {@code suffix} tells. */
  public static String floating(double value, String suffix) {
    if (Double.isNaN(value)) {
      return "__builtin_nan" + suffix + "(\"\")";
    }
    if (Double.isInfinite(value)) {
      return (value < 0 ? "-" : "") + "__builtin_inf" + suffix + "()";
    }
    return value == Math.rint(value) && Math.abs(value) < 1e6
        ? String.format("%.1f%s", value, suffix)
        : Double.toHexString(value) + suffix;
  }

  public static String integer(long value) {
    return value == Long.MIN_VALUE ? "INT64_MIN" : "INT64_C(" + value + ")";
  }

  /** What a reduction starts from. */
  public static String neutral(ReduceOp op, DType dtype) {
    String type = value(dtype);
    return switch (op) {
      case SUM -> "0";
      case PROD -> "1";
      case MAX -> "ait::lowest<" + type + ">()";
      case MIN -> "ait::highest<" + type + ">()";
      case ANY -> "false";
      case ALL -> "true";
    };
  }

  /** Of two numbers of a type; sums and products of integers wrap. */
  public static String combine(ReduceOp op, DType dtype, String a, String b) {
    String wrapping = "<" + value(dtype) + ">(" + a + ", " + b + ")";
    return switch (op) {
      case SUM -> dtype.isInteger() ? "ait::op_add" + wrapping : a + " + " + b;
      case PROD -> dtype.isInteger() ? "ait::op_mul" + wrapping : a + " * " + b;
      case MAX -> "ait::op_max(" + a + ", " + b + ")";
      case MIN -> "ait::op_min(" + a + ", " + b + ")";
      case ANY -> a + " || " + b;
      case ALL -> a + " && " + b;
    };
  }

  /** An index expression; {@code name} spells its symbols. */
  public static String index(Dim dim, Function<Dim.Symbol, String> name) {
    List<String> terms = new ArrayList<>();
    dim.forEachTerm(
        (atoms, c) -> {
          List<String> factors = new ArrayList<>();
          if (c != 1 || atoms.isEmpty()) {
            factors.add(Long.toString(c));
          }
          atoms.forEach(atom -> factors.add(atom(atom, name)));
          terms.add(String.join(" * ", factors));
        });
    return String.join(" + ", terms);
  }

  /**
   * The terms of an index expression by what of them varies within a run, each with its factor: a
   * number of the run.
   */
  public static Map<List<Dim.Atom>, Dim> coefficients(Dim dim) {
    Map<List<Dim.Atom>, Dim> coefficients = new LinkedHashMap<>();
    dim.forEachTerm(
        (atoms, c) -> {
          List<Dim.Atom> varying = new ArrayList<>();
          Dim fixed = Dim.of(c);
          for (Dim.Atom atom : atoms) {
            if (Sizes.isFixed(Dim.of(atom))) {
              fixed = fixed.times(Dim.of(atom));
            } else {
              varying.add(atom);
            }
          }
          coefficients.merge(varying, fixed, Dim::plus);
        });
    return coefficients;
  }

  /**
   * An index expression; {@code coefficient} spells the factors and the offset of its outermost
   * terms, which are numbers in a run.
   */
  public static String index(
      Dim dim, Function<Dim.Symbol, String> name, Function<Dim, String> coefficient) {
    Map<List<Dim.Atom>, Dim> coefficients = coefficients(dim);
    List<String> terms = new ArrayList<>();
    coefficients.forEach(
        (atoms, c) -> {
          List<String> factors = new ArrayList<>();
          if (!c.is(1) || atoms.isEmpty()) {
            factors.add(coefficient.apply(c));
          }
          atoms.forEach(atom -> factors.add(atom(atom, name)));
          terms.add(String.join(" * ", factors));
        });
    return String.join(" + ", terms);
  }

  private static String atom(Dim.Atom atom, Function<Dim.Symbol, String> name) {
    return switch (atom) {
      case Dim.Symbol s -> name.apply(s);
      case Dim.Apply(Dim.Op op, Dim left, Dim right) -> {
        String l = "(" + index(left, name) + ")";
        String size = "(" + index(right, name) + ")";
        // A size of 0 leaves nothing to index, but what is computed ahead of a loop must not trap.
        String r = right.min() > 0 ? size : "ait::index_max(1, " + size + ")";
        boolean natural = left.min() != -Dim.UNBOUNDED && left.min() >= 0;
        yield switch (op) {
          case FLOOR_DIV ->
              natural
                  ? "(" + l + " / " + r + ")"
                  : "ait::index_floor_div" + "(" + l + ", " + r + ")";
          case MOD -> natural ? "(" + l + " % " + r + ")" : "ait::index_mod(" + l + ", " + r + ")";
          case MIN -> "ait::index_min(" + l + ", " + size + ")";
          case MAX -> "ait::index_max(" + l + ", " + size + ")";
        };
      }
    };
  }
}
