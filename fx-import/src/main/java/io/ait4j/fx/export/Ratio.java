package io.ait4j.fx.export;

import io.ait4j.fx.Dim;

/** A fraction; sympy writes exact quotients of integers as products with fractions. */
record Ratio(Dim numerator, Dim denominator) {
  Ratio {
    if (denominator.min() < 1) {
      throw new SymbolicText.Malformed("it divides by " + denominator + ", which may be 0 or less");
    }
  }

  static Ratio of(Dim dim) {
    return new Ratio(dim, Dim.ONE);
  }

  Ratio plus(Ratio other) {
    return denominator.equals(other.denominator)
        ? new Ratio(numerator.plus(other.numerator), denominator)
        : new Ratio(
            numerator.times(other.denominator).plus(other.numerator.times(denominator)),
            denominator.times(other.denominator));
  }

  Ratio times(Ratio other) {
    return new Ratio(numerator.times(other.numerator), denominator.times(other.denominator));
  }

  Ratio dividedBy(Ratio other) {
    Dim by = other.numerator.times(denominator);
    Dim top = numerator.times(other.denominator);
    return by.max() < 0 ? new Ratio(top.times(-1), by.times(-1)) : new Ratio(top, by);
  }

  Ratio power(long exponent) {
    if (Math.abs(exponent) > 64) {
      throw new SymbolicText.Malformed("it has the exponent " + exponent);
    }
    Ratio result = of(Dim.ONE);
    for (long i = 0; i < Math.abs(exponent); i++) {
      result = result.times(this);
    }
    return exponent < 0 ? of(Dim.ONE).dividedBy(result) : result;
  }

  Dim floor() {
    return numerator.floorDiv(denominator);
  }

  Dim ceiling() {
    return numerator.ceilDiv(denominator);
  }
}
