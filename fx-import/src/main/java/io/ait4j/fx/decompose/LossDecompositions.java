package io.ait4j.fx.decompose;

import static io.ait4j.fx.Arg.of;

import io.ait4j.fx.Arg;

/** Losses of each element, and their mean or sum. */
final class LossDecompositions {
  private static final int NONE = 0;
  private static final int MEAN = 1;

  private LossDecompositions() {}

  static void addTo(DecompositionTable table) {
    table.add("mse_loss", r -> reduced(r, r.call("square", difference(r)), 2));
    table.add("l1_loss", r -> reduced(r, r.call("abs", difference(r)), 2));
    table.add("smooth_l1_loss", LossDecompositions::smooth);
    table.add("huber_loss", LossDecompositions::huber);
    table.add("binary_cross_entropy_with_logits", LossDecompositions::withLogits);
    table.add("kl_div", LossDecompositions::divergence);
  }

  private static Arg difference(Rewrite r) {
    return r.call("sub.Tensor", r.arg(0), r.arg(1));
  }

  private static Arg reduced(Rewrite r, Arg losses, int reductionArg) {
    long reduction = r.integer(reductionArg);
    return reduction == NONE ? losses : r.call(reduction == MEAN ? "mean" : "sum", losses);
  }

  private static Arg smooth(Rewrite r) {
    double beta = r.number(3);
    Arg distance = r.call("abs", difference(r));
    if (beta == 0) {
      return reduced(r, distance, 2);
    }
    Arg near = r.call("mul.Tensor", r.call("square", distance), of(0.5));
    Arg inside = r.call("div.Tensor", near, of(beta));
    Arg outside = r.call("sub.Tensor", distance, of(0.5 * beta));
    Arg isNear = r.call("lt.Scalar", distance, of(beta));
    return reduced(r, r.call("where.self", isNear, inside, outside), 2);
  }

  private static Arg huber(Rewrite r) {
    double delta = r.number(3);
    Arg distance = r.call("abs", difference(r));
    Arg inside = r.call("mul.Tensor", r.call("square", distance), of(0.5));
    Arg outside = r.call("mul.Tensor", r.call("sub.Tensor", distance, of(0.5 * delta)), of(delta));
    Arg isNear = r.call("le.Scalar", distance, of(delta));
    return reduced(r, r.call("where.self", isNear, inside, outside), 2);
  }

  private static Arg divergence(Rewrite r) {
    Arg y = r.arg(1);
    Arg loss =
        r.flag(3)
            ? r.call("mul.Tensor", r.call("exp", y), r.call("sub.Tensor", y, r.arg(0)))
            : r.call("sub.Tensor", r.call("xlogy.Tensor", y, y), r.call("mul.Tensor", y, r.arg(0)));
    return reduced(r, loss, 2);
  }

  /** {@code (1 - y) * x - weight * log(sigmoid(x))}, as PyTorch computes it. */
  private static Arg withLogits(Rewrite r) {
    Arg x = r.arg(0);
    Arg y = r.arg(1);
    Arg logSigmoid = r.call("log_sigmoid", x);
    if (r.has(3)) {
      Arg weight =
          r.call(
              "add.Tensor", r.call("mul.Tensor", r.call("sub.Tensor", r.arg(3), of(1)), y), of(1));
      logSigmoid = r.call("mul.Tensor", logSigmoid, weight);
    }
    Arg rest = r.call("mul.Tensor", r.call("rsub.Scalar", y, of(1)), x);
    Arg loss = r.call("sub.Tensor", rest, logSigmoid);
    return reduced(r, r.has(2) ? r.call("mul.Tensor", loss, r.arg(2)) : loss, 4);
  }
}
