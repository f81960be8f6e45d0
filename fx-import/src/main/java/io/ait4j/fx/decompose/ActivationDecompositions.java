package io.ait4j.fx.decompose;

import static io.ait4j.fx.Arg.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Activations that the core set says otherwise, and what is nothing at inference. */
final class ActivationDecompositions {
  private static final double SELU_ALPHA = 1.6732632423543772848170429916717;
  private static final double SELU_SCALE = 1.0507009873554804934193349852946;

  private ActivationDecompositions() {}

  static void addTo(DecompositionTable table) {
    table.add("relu6", r -> r.call("hardtanh", r.arg(0), of(0.0), of(6.0)));
    table.add("selu", r -> r.call("elu", r.arg(0), of(SELU_ALPHA), of(SELU_SCALE)));
    table.add("celu", r -> r.call("elu", r.arg(0), r.arg(1), of(1.0), of(1 / r.number(1))));
    table.add("prelu _prelu_kernel", ActivationDecompositions::prelu);
    table.add("log_sigmoid", ActivationDecompositions::logSigmoid);
    table.addMany("log_sigmoid_forward", r -> replaced(r, logSigmoid(r)));
    table.add("rrelu", ActivationDecompositions::randomLeak);
    table.add("_safe_softmax", ActivationDecompositions::safeSoftmax);
    table.add("glu", ActivationDecompositions::glu);
    table.add("threshold", ActivationDecompositions::threshold);
    table.add("hardshrink", ActivationDecompositions::hardshrink);
    table.add("softshrink", ActivationDecompositions::softshrink);
    table.add("softmax.int", r -> softmax(r, "_softmax"));
    table.add("log_softmax.int", r -> softmax(r, "_log_softmax"));
    table.add(
        "dropout feature_dropout alpha_dropout feature_alpha_dropout",
        r -> r.flag(2) && r.number(1) > 0 ? r.keepOne() : r.arg(0));
    table.addMany("native_dropout", ActivationDecompositions::nativeDropout);
    table.add(
        "detach detach_copy alias alias_copy lift_fresh lift_fresh_copy lift resolve_conj"
            + " resolve_neg _conj_physical conj_physical conj _conj real",
        r -> r.meta(0).dtype().isComplex() ? r.keepOne() : r.arg(0));
  }

  private static List<Arg> nativeDropout(Rewrite r) {
    if (!(r.arg(2) instanceof Arg.Bool(boolean train)) || train) {
      return r.keep();
    }
    // PyTorch gives an empty tensor an empty mask of its own dtype.
    DType mask = r.meta(0).numel().is(0) ? r.meta(0).dtype() : DType.BOOL;
    return List.of(r.arg(0), ConstructorDecompositions.full(r, r.meta(0).shape(), of(1), mask));
  }

  private static Arg prelu(Rewrite r) {
    int rank = r.meta(0).rank();
    Arg weight = r.arg(1);
    if (r.meta(weight).rank() == 1 && rank > 1) {
      List<Dim> shape = new ArrayList<>(Collections.nCopies(rank, Dim.ONE));
      shape.set(1, r.meta(weight).shape().getFirst());
      weight = r.reshape(weight, shape);
    }
    Arg positive = r.call("gt.Scalar", r.arg(0), of(0));
    return r.call("where.self", positive, r.arg(0), r.call("mul.Tensor", weight, r.arg(0)));
  }

  private static Arg logSigmoid(Rewrite r) {
    Arg tail = r.call("log1p", r.call("exp", r.call("neg", r.call("abs", r.arg(0)))));
    return r.call("sub.Tensor", r.call("clamp", r.arg(0), Arg.NONE, of(0)), tail);
  }

  /** The operator's own results with the first one replaced; the others are dead in most models. */
  private static List<Arg> replaced(Rewrite r, Arg first) {
    List<Arg> results = new ArrayList<>(r.keep());
    results.set(0, first);
    return results;
  }

  private static Arg randomLeak(Rewrite r) {
    return r.flag(3)
        ? r.keepOne()
        : r.call("leaky_relu", r.arg(0), of((r.number(1) + r.number(2)) / 2));
  }

  /** Rows of nothing but minus infinity become 0, not NaN. */
  private static Arg safeSoftmax(Rewrite r) {
    Arg result = softmax(r, "_softmax");
    Arg masked = r.call("eq.Scalar", r.arg(0), of(Double.NEGATIVE_INFINITY));
    Arg row = r.call("all.dim", masked, r.arg(1), of(true));
    return r.call("where.self", row, of(0.0), result);
  }

  private static Arg glu(Rewrite r) {
    int axis = r.axis(r.integer(1), r.meta(0).rank());
    Dim size = r.meta(0).shape().get(axis);
    if (!size.mod(2).is(0)) {
      throw r.unequal(
          "dimension %d of shape %s is odd".formatted(axis, r.meta(0).shape()),
          size.mod(2),
          Dim.ZERO);
    }
    Dim half = size.floorDiv(2);
    Arg gate = r.call("sigmoid", r.slice(r.arg(0), axis, half, size));
    return r.call("mul.Tensor", r.slice(r.arg(0), axis, Dim.ZERO, half), gate);
  }

  private static Arg number(Rewrite r, int i) {
    // A number of the tensor's own kind, so that it promotes nothing.
    return r.meta(0).dtype().isFloating() ? of(r.number(i)) : of((long) r.number(i));
  }

  private static Arg threshold(Rewrite r) {
    return r.call("where.self", r.call("le.Scalar", r.arg(0), r.arg(1)), number(r, 2), r.arg(0));
  }

  private static Arg hardshrink(Rewrite r) {
    Arg small = r.call("le.Scalar", r.call("abs", r.arg(0)), of(r.number(1)));
    return r.call("where.self", small, of(0.0), r.arg(0));
  }

  private static Arg softshrink(Rewrite r) {
    double lambda = r.number(1);
    Arg x = r.arg(0);
    Arg above = r.call("sub.Tensor", x, of(lambda));
    Arg below = r.call("add.Tensor", x, of(lambda));
    Arg inner = r.call("mul.Tensor", x, of(0.0));
    Arg low = r.call("where.self", r.call("lt.Scalar", x, of(-lambda)), below, inner);
    return r.call("where.self", r.call("gt.Scalar", x, of(lambda)), above, low);
  }

  private static Arg softmax(Rewrite r, String core) {
    Arg x = r.dtype(2).map(dtype -> r.cast(r.arg(0), dtype)).orElse(r.arg(0));
    int axis = r.axis(r.integer(1), r.meta(0).rank());
    return r.call(core, x, of(axis), of(false));
  }
}
