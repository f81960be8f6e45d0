package io.ait4j.fx.onnx;

import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.onnx.Num.Real;
import io.ait4j.fx.onnx.Num.Whole;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * Arithmetic on single known elements. Each result is exact, or for floating types rounded as one
 * operation of the type rounds; empty where symbols leave it open or where it does not fit.
 */
final class Numbers {
  private Numbers() {}

  static Optional<Num> sum(DType type, Num a, Num b) {
    return both(type, a, b, Dim::plus, Double::sum);
  }

  static Optional<Num> difference(DType type, Num a, Num b) {
    return both(type, a, b, Dim::minus, (x, y) -> x - y);
  }

  static Optional<Num> product(DType type, Num a, Num b) {
    return both(type, a, b, Dim::times, (x, y) -> x * y);
  }

  /** Of integers: rounded towards zero. */
  static Optional<Num> quotient(DType type, Num a, Num b) {
    if (!type.isInteger()) {
      return isReal(a) && isReal(b) ? both(type, a, b, null, (x, y) -> x / y) : Optional.empty();
    }
    Dim x = ((Whole) a).value();
    Dim y = ((Whole) b).value();
    if (x.isConst() && y.isConst() && y.value() != 0) {
      return fitting(type, Dim.of(x.value() / y.value()));
    }
    return x.min() >= 0 && y.min() > 0 ? fitting(type, x.floorDiv(y)) : Optional.empty();
  }

  static Optional<Num> remainder(Num a, Num b, boolean signOfDividend) {
    Dim x = ((Whole) a).value();
    Dim y = ((Whole) b).value();
    if (x.isConst() && y.isConst() && y.value() != 0) {
      return Optional.of(
          Num.of(signOfDividend ? x.value() % y.value() : Math.floorMod(x.value(), y.value())));
    }
    return y.min() > 0 && (!signOfDividend || x.min() >= 0)
        ? Optional.of(new Whole(x.mod(y)))
        : Optional.empty();
  }

  /** Of integers. */
  static Optional<Num> power(DType type, Num a, Num b) {
    Dim base = ((Whole) a).value();
    Dim exponent = ((Whole) b).value();
    if (!exponent.isConst() || exponent.value() < 0 || exponent.value() > Long.SIZE) {
      return Optional.empty();
    }
    Dim result = Dim.ONE;
    for (long i = 0; i < exponent.value(); i++) {
      result = result.times(base);
    }
    return fitting(type, result);
  }

  static Optional<Num> extreme(Num a, Num b, boolean least) {
    return a instanceof Whole(Dim x) && b instanceof Whole(Dim y)
        ? Optional.of(new Whole(least ? x.min(y) : x.max(y)))
        : a instanceof Real(double x) && b instanceof Real(double y)
            ? Optional.of(new Real(least ? Math.min(x, y) : Math.max(x, y)))
            : Optional.empty();
  }

  static Optional<Num> absolute(DType type, Num x) {
    return switch (x) {
      case Real(double value) -> Optional.of(new Real(Math.abs(value)));
      case Whole(Dim value) when value.min() >= 0 -> Optional.of(x);
      case Whole(Dim value) when value.max() <= 0 -> fitting(type, value.times(-1));
      case Whole w -> Optional.empty();
    };
  }

  static Optional<Num> sign(DType type, Num x) {
    return switch (x) {
      case Real(double value) -> Optional.of(new Real(Math.signum(value)));
      case Whole(Dim value) -> fitting(type, value.min(Dim.ONE).max(Dim.of(-1)));
    };
  }

  /** Integers are round already. */
  static Optional<Num> rounded(Num x, DoubleUnaryOperator how) {
    return Optional.of(x instanceof Real(double value) ? new Real(how.applyAsDouble(value)) : x);
  }

  static Optional<Num> real(DType type, Num x, DoubleUnaryOperator operation) {
    return x instanceof Real(double value) && type.isFloating()
        ? Optional.of(new Real(Elements.rounded(type, operation.applyAsDouble(value))))
        : Optional.empty();
  }

  static Optional<Num> cast(Num x, DType to) {
    return switch (x) {
      case Whole(Dim d) when to == DType.BOOL -> Truths.equal(x, Num.of(0)).map(Truths::not);
      case Whole(Dim d) when to.isFloating() ->
          d.isConst() ? Optional.of(new Real(Elements.rounded(to, d.value()))) : Optional.of(x);
      case Whole(Dim d) -> fitting(to, d);
      case Real(double value) when to.isFloating() ->
          Optional.of(new Real(Elements.rounded(to, value)));
      case Real(double value) when to == DType.BOOL -> Optional.of(Num.of(value == 0 ? 0 : 1));
      case Real(double value) when Math.abs(value) < 1L << 62 -> fitting(to, Dim.of((long) value));
      case Real r -> Optional.empty();
    };
  }

  /** Sizes that were cast stay integers as long as what is done to them is exact. */
  private static Optional<Num> both(
      DType type, Num a, Num b, BinaryOperator<Dim> whole, DoubleBinaryOperator real) {
    if (isReal(a) && isReal(b)) {
      double x = ((Real) a).value();
      double y = ((Real) b).value();
      return Optional.of(new Real(Elements.rounded(type, real.applyAsDouble(x, y))));
    }
    Optional<Dim> x = integer(a);
    Optional<Dim> y = integer(b);
    return x.isPresent() && y.isPresent()
        ? fitting(type, whole.apply(x.get(), y.get()))
        : Optional.empty();
  }

  private static boolean isReal(Num x) {
    return x instanceof Real;
  }

  private static Optional<Dim> integer(Num x) {
    return switch (x) {
      case Whole(Dim d) -> Optional.of(d);
      case Real(double value) ->
          value == Math.rint(value) && Math.abs(value) < 1 << 24
              ? Optional.of(Dim.of((long) value))
              : Optional.empty();
    };
  }

  /** An integer that the type holds; nothing wraps around here. */
  private static Optional<Num> fitting(DType type, Dim value) {
    if (type.isFloating() && value.isConst()) {
      return Optional.of(new Real(Elements.rounded(type, value.value())));
    }
    long low =
        switch (type) {
          case BOOL, UINT8 -> 0;
          case INT8 -> Byte.MIN_VALUE;
          case INT16 -> Short.MIN_VALUE;
          case INT32 -> Integer.MIN_VALUE;
          default -> Long.MIN_VALUE;
        };
    long high =
        switch (type) {
          case BOOL -> 1;
          case UINT8 -> 255;
          case INT8 -> Byte.MAX_VALUE;
          case INT16 -> Short.MAX_VALUE;
          case INT32 -> Integer.MAX_VALUE;
          default -> Long.MAX_VALUE;
        };
    return value.min() >= low && value.max() <= high
        ? Optional.of(new Whole(value))
        : Optional.empty();
  }
}
