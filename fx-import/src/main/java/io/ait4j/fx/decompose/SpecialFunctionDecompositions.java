package io.ait4j.fx.decompose;

import static io.ait4j.fx.Arg.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;

/** Functions of numbers that take care of their odd points. */
final class SpecialFunctionDecompositions {
  private SpecialFunctionDecompositions() {}

  static void addTo(DecompositionTable table) {
    table.add(
        "xlogy.Tensor xlogy.Scalar_Other xlogy.Scalar_Self special_xlogy special_xlogy.other_scalar"
            + " special_xlogy.self_scalar",
        r -> timesLog(r, "log"));
    table.add(
        "special_xlog1py special_xlog1py.other_scalar special_xlog1py.self_scalar",
        r -> timesLog(r, "log1p"));
    table.add("logit special_logit", SpecialFunctionDecompositions::logit);
    table.add("sinc special_sinc", SpecialFunctionDecompositions::sinc);
    table.add("special_ndtr", SpecialFunctionDecompositions::normal);
    table.add("deg2rad", r -> scaled(r, Math.PI / 180));
    table.add("rad2deg", r -> scaled(r, 180 / Math.PI));
    table.add("ldexp.Tensor", SpecialFunctionDecompositions::scaledByPower);
    table.add(
        "float_power.Tensor_Scalar float_power.Tensor_Tensor",
        r -> r.call(power(r), wide(r, 0), r.isTensor(1) ? wide(r, 1) : r.arg(1)));
    table.add("isclose", SpecialFunctionDecompositions::close);
  }

  private static String power(Rewrite r) {
    return r.isTensor(1) ? "pow.Tensor_Tensor" : "pow.Tensor_Scalar";
  }

  private static Arg wide(Rewrite r, int i) {
    return r.cast(r.arg(i), DType.FLOAT64);
  }

  /** 0 where x is 0, even at infinity; NaN where y is. */
  private static Arg timesLog(Rewrite r, String log) {
    Arg x = r.arg(0);
    Arg y = r.isTensor(1) ? TypeSteps.floating(r, r.arg(1)) : number(r);
    Arg product = r.call("mul.Tensor", x, r.isTensor(1) ? r.call(log, y) : of(log(r, log)));
    Arg zero = r.isTensor(0) ? r.call("eq.Scalar", x, of(0)) : isZero(r, y);
    Arg bounded = r.call("where.self", zero, of(0.0), product);
    if (!r.isTensor(1)) {
      return Double.isNaN(r.number(1)) ? product : bounded;
    }
    return r.call("where.self", r.call("isnan", y), y, bounded);
  }

  private static Arg number(Rewrite r) {
    return of(r.number(1));
  }

  private static double log(Rewrite r, String log) {
    return log.equals("log") ? Math.log(r.number(1)) : Math.log1p(r.number(1));
  }

  private static Arg isZero(Rewrite r, Arg like) {
    return r.call("full_like", like, of(r.number(0) == 0), new Arg.Type(DType.BOOL));
  }

  private static Arg logit(Rewrite r) {
    Arg x = TypeSteps.floating(r, r.arg(0));
    if (r.has(1) && r.number(1) >= 0) {
      x = r.call("clamp", x, of(r.number(1)), of(1 - r.number(1)));
    }
    return r.call("log", r.call("div.Tensor", x, r.call("rsub.Scalar", x, of(1))));
  }

  private static Arg sinc(Rewrite r) {
    Arg x = r.call("mul.Tensor", TypeSteps.floating(r, r.arg(0)), of(Math.PI));
    Arg ratio = r.call("div.Tensor", r.call("sin", x), x);
    return r.call("where.self", r.call("eq.Scalar", x, of(0)), of(1.0), ratio);
  }

  /** {@code erfc(-x / sqrt(2)) / 2}, which keeps its digits where it is small. */
  private static Arg normal(Rewrite r) {
    Arg x = r.call("mul.Tensor", TypeSteps.floating(r, r.arg(0)), of(-Math.sqrt(0.5)));
    return r.call("mul.Tensor", r.call("erfc", x), of(0.5));
  }

  private static Arg scaled(Rewrite r, double factor) {
    return r.call("mul.Tensor", TypeSteps.floating(r, r.arg(0)), of(factor));
  }

  private static Arg scaledByPower(Rewrite r) {
    return r.call("mul.Tensor", r.arg(0), r.call("pow.Scalar", of(2.0), r.arg(1)));
  }

  private static Arg close(Rewrite r) {
    Arg a = r.arg(0);
    Arg b = r.arg(1);
    Arg equal = r.call("eq.Tensor", a, b);
    DType dtype = r.meta(0).dtype();
    if (dtype != r.meta(1).dtype() || !dtype.isFloating()) {
      return r.keepOne();
    }
    if (r.flag(4)) {
      equal =
          r.call(
              "logical_or", equal, r.call("logical_and", r.call("isnan", a), r.call("isnan", b)));
    }
    Arg allowed = r.call("add.Tensor", r.call("abs", r.call("mul.Tensor", b, r.arg(2))), r.arg(3));
    Arg distance = r.call("abs", r.call("sub.Tensor", a, b));
    Arg near =
        r.call("logical_and", r.call("isfinite", distance), r.call("le.Tensor", distance, allowed));
    return r.call("logical_or", equal, near);
  }
}
