package io.ait4j.compiler.convert;

import static io.ait4j.compiler.ir.Expr.binary;
import static io.ait4j.compiler.ir.Expr.literal;
import static io.ait4j.compiler.ir.Expr.unary;

import io.ait4j.compiler.ir.BinaryOp;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.UnaryOp;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.Map;

/**
 * Where along one dimension of an image an element of the resized one lies: between two elements,
 * or at one. Where it follows from the ratio of the sizes it is exact integer arithmetic; else it
 * is PyTorch's own, in floating point.
 */
sealed interface SourcePosition {
  /** How a position is found: by a ratio of sizes, which is exact, or by a given factor. */
  record Scale(Dim in, Dim size, boolean aligned, double factor) {
    /** Of spatial dimension {@code i}; the factors begin at argument {@code factors}. */
    static Scale of(Conversion cx, int i, boolean aligned, int factors) {
      Dim in = cx.meta(0).shape().get(2 + i);
      Dim size = cx.result().shape().get(2 + i);
      double factor = cx.has(factors + i) ? cx.floating(factors + i, 0) : 0;
      return new Scale(in, size, aligned, aligned ? 0 : Math.max(0, factor));
    }

    /** Whether the sizes say as much as the factor. */
    boolean isRatio() {
      return factor <= 0
          || in.isConst() && size.isConst() && factor * in.value() == size.value()
          || factor == Math.rint(factor) && in.times((long) factor).equals(size);
    }

    /** The input's elements for one of the result's, in floating point. */
    Expr step(DType dtype) {
      return factor > 0
          ? literal(dtype, 1 / factor)
          : binary(BinaryOp.DIV, number(in, dtype), number(size, dtype));
    }

    Dim last() {
      return in.minus(1);
    }
  }

  /** One element, {@code offset} after the one at or before the position; it exists always. */
  Place place(Conversion cx, int offset);

  /** How far behind that element the position lies, less than 1. */
  Expr fraction();

  /** An index, and what computes it if it is none that follows from the sizes. */
  record Place(Dim index, Map<Dim.Symbol, Expr> bindings) {}

  /** {@code floor + fraction}. */
  record Exact(Dim floor, Expr fraction, Dim last) implements SourcePosition {
    @Override
    public Place place(Conversion cx, int offset) {
      return new Place(floor.plus(offset).max(Dim.ZERO).min(last), Map.of());
    }
  }

  /** The same computed: {@code floor} is an int64. */
  record Computed(Expr floor, Expr fraction, Dim last) implements SourcePosition {
    @Override
    public Place place(Conversion cx, int offset) {
      Expr at = binary(BinaryOp.ADD, floor, literal(DType.INT64, (long) offset));
      Expr clamped =
          binary(
              BinaryOp.MIN,
              new Expr.Index(last),
              binary(BinaryOp.MAX, literal(DType.INT64, 0L), at));
      Dim.Symbol symbol = cx.dataIndex(last.plus(1));
      return new Place(Dim.of(symbol), Map.of(symbol, clamped));
    }
  }

  private static Expr number(Dim value, DType dtype) {
    return Expr.cast(dtype, new Expr.Index(value));
  }

  /** {@code step * (at + 0.5) - 0.5}, not below 0 unless that is meant to be. */
  static Expr center(Expr step, Expr at, DType dtype, boolean clamped) {
    Expr half = literal(dtype, 0.5);
    Expr position =
        binary(BinaryOp.SUB, binary(BinaryOp.MUL, step, binary(BinaryOp.ADD, at, half)), half);
    return clamped ? binary(BinaryOp.MAX, position, literal(dtype, 0.0)) : position;
  }

  /**
   * The position of {@code out} between elements; {@code clamped} says that it is not before the
   * first.
   */
  static SourcePosition between(Scale scale, Dim out, DType dtype, boolean clamped) {
    Dim in = scale.in;
    Dim size = scale.size;
    if (!scale.isRatio()) {
      Expr position =
          center(scale.step(dtype), Expr.cast(dtype, new Expr.Index(out)), dtype, clamped);
      Expr whole = unary(UnaryOp.FLOOR, position);
      Expr floor =
          binary(BinaryOp.MIN, new Expr.Index(scale.last()), Expr.cast(DType.INT64, whole));
      Expr rest = binary(BinaryOp.SUB, position, Expr.cast(dtype, floor));
      return new Computed(floor, binary(BinaryOp.MIN, rest, literal(dtype, 1.0)), scale.last());
    }
    Dim numerator = out.times(2).plus(1).times(in).minus(size);
    Dim denominator = size.times(2);
    if (scale.aligned) {
      numerator = out.times(scale.last());
      denominator = size.minus(1).max(Dim.ONE);
    } else if (clamped) {
      numerator = numerator.max(Dim.ZERO);
    }
    Expr fraction =
        binary(BinaryOp.DIV, number(numerator.mod(denominator), dtype), number(denominator, dtype));
    return new Exact(numerator.floorDiv(denominator), fraction, scale.last());
  }
}
