package io.ait4j.fx.onnx;

import io.ait4j.fx.Dim;
import io.ait4j.fx.onnx.Num.Real;
import io.ait4j.fx.onnx.Num.Whole;
import java.util.Optional;

/**
 * Comparisons of known numbers. What symbols leave undecided is an expression in them that is 0 or
 * 1, so that a choice between sizes is a size.
 */
final class Truths {
  private Truths() {}

  static Optional<Num> equal(Num a, Num b) {
    if (a instanceof Real(double x) && b instanceof Real(double y)) {
      return Optional.of(Num.of(x == y ? 1 : 0));
    }
    if (!(a instanceof Whole(Dim x) && b instanceof Whole(Dim y))) {
      return Optional.empty();
    }
    Dim difference = x.minus(y);
    if (difference.isConst() || difference.min() > 0 || difference.max() < 0) {
      return Optional.of(Num.of(difference.is(0) ? 1 : 0));
    }
    Dim distance = difference.max(difference.times(-1));
    return Optional.of(not(new Whole(distance.min(Dim.ONE))));
  }

  static Optional<Num> less(Num a, Num b) {
    if (a instanceof Real(double x) && b instanceof Real(double y)) {
      return Double.isNaN(x) || Double.isNaN(y)
          ? Optional.empty()
          : Optional.of(Num.of(x < y ? 1 : 0));
    }
    return a instanceof Whole(Dim x) && b instanceof Whole(Dim y)
        ? Optional.of(new Whole(y.minus(x).min(Dim.ONE).max(Dim.ZERO)))
        : Optional.empty();
  }

  static Num not(Num truth) {
    return new Whole(Dim.ONE.minus(((Whole) truth).value()));
  }

  /** The first if the condition is 1, else the second. */
  static Optional<Num> chosen(Num condition, Num yes, Num no) {
    Dim truth = ((Whole) condition).value();
    if (truth.isConst()) {
      return Optional.of(truth.is(0) ? no : yes);
    }
    if (yes.equals(no)) {
      return Optional.of(yes);
    }
    return yes instanceof Whole(Dim x) && no instanceof Whole(Dim y)
        ? Optional.of(new Whole(y.plus(truth.times(x.minus(y)))))
        : Optional.empty();
  }
}
