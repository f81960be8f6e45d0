package io.ait4j.fx.rules;

import io.ait4j.fx.DType;
import io.ait4j.fx.TensorMeta;
import java.util.List;

/** Element by element, by functions that networks rarely hold. */
final class SpecialFunctionRules {
  private SpecialFunctionRules() {}

  static void addTo(RuleTable table) {
    table.add(
        "erfinv special_erfinv digamma special_digamma special_psi lgamma special_gammaln i0"
            + " special_i0 special_i0e special_i1 special_i1e special_ndtri special_log_ndtr"
            + " special_erfcx special_entr",
        PointwiseRules.unary(TypePromotion::floating));
    table.add("signbit", PointwiseRules.unary(type -> DType.BOOL));
    table.add("angle", SpecialFunctionRules::angle);
    table.add("copysign.Tensor", PointwiseRules.binary(TypePromotion::commonFloating));
    table.add(
        "hypot nextafter heaviside fmax fmin gcd lcm",
        PointwiseRules.binary(TypePromotion::common));
  }

  /** Those that nobody has compiled yet. */
  static void addOthersTo(RuleTable table) {
    table.add("special_bessel_j0 special_bessel_j1", PointwiseRules.unary(TypePromotion::floating));
    table.add("polygamma", SpecialFunctionRules::polygamma);
    table.add(
        "igamma igammac special_gammainc special_gammaincc special_zeta",
        PointwiseRules.binary(TypePromotion::commonFloating));
  }

  private static TensorMeta polygamma(OpCall call) {
    TensorMeta self = call.tensor(1);
    return PointwiseLayout.result(call, TypePromotion.floating(self.dtype()), List.of(self));
  }

  private static TensorMeta angle(OpCall call) {
    TensorMeta self = call.tensor(0);
    return self.dtype().isComplex()
        ? TensorMeta.contiguous(TypePromotion.realOf(self.dtype()), self.shape())
        : PointwiseRules.unary(TypePromotion::floating).apply(call);
  }
}
