package io.ait4j.fx.onnx;

import static io.ait4j.fx.Arg.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;

/** Activation functions. */
final class ActivationOperators {
  private static final double SELU_ALPHA = 1.67326319217681884765625;
  private static final double SELU_GAMMA = 1.05070102214813232421875;

  private ActivationOperators() {}

  static void addTo(OperatorTable table) {
    ArithmeticOperators.unary(
        table, "Relu=relu Sigmoid=sigmoid Tanh=tanh HardSwish=hardswish Mish=mish");
    table.add("LeakyRelu", c -> c.call("leaky_relu", c.tensor(0), attribute(c, "alpha", 0.01f)));
    table.add("Elu", c -> c.call("elu", c.tensor(0), attribute(c, "alpha", 1)));
    table.add("Celu", c -> c.call("celu", c.tensor(0), attribute(c, "alpha", 1)));
    table.add(
        "Selu",
        c ->
            c.call(
                "elu",
                c.tensor(0),
                attribute(c, "alpha", SELU_ALPHA),
                attribute(c, "gamma", SELU_GAMMA)));
    table.add("PRelu", ActivationOperators::prelu);
    table.add("Gelu", ActivationOperators::gelu);
    table.add("HardSigmoid", ActivationOperators::hardSigmoid);
    table.add("Softplus", ActivationOperators::softplus);
    table.add("Softsign", ActivationOperators::softsign);
    table.add("ThresholdedRelu", ActivationOperators::thresholded);
    table.add("Shrink", ActivationOperators::shrunk);
    table.add("Softmax", c -> c.call("softmax.int", c.tensor(0), of(axis(c))));
    table.add("LogSoftmax", c -> c.call("log_softmax.int", c.tensor(0), of(axis(c))));
  }

  private static Arg attribute(OnnxCall c, String name, double otherwise) {
    return of(c.attributes().real(name, otherwise));
  }

  private static long axis(OnnxCall c) {
    return c.axis(c.attributes().integer("axis", -1), c.rank(0));
  }

  private static Arg gelu(OnnxCall c) {
    String approximate = c.attributes().text("approximate", "none");
    if (!approximate.equals("none") && !approximate.equals("tanh")) {
      throw c.unsupported("approximate = " + approximate);
    }
    return c.call("gelu", c.tensor(0), new Arg.Str(approximate));
  }

  private static Arg prelu(OnnxCall c) {
    ArithmeticOperators.sameType(c);
    Arg x = c.tensor(0);
    return c.call(
        "where.self", c.call("lt.Scalar", x, of(0)), c.call("mul.Tensor", x, c.operand(1, 0)), x);
  }

  /** ATen's own form of it if the slope is a sixth, as exporters round it to float. */
  private static Arg hardSigmoid(OnnxCall c) {
    double alpha = c.attributes().real("alpha", 0.2f);
    double beta = c.attributes().real("beta", 0.5f);
    if (alpha == (float) (1 / 6.0) && beta == 0.5) {
      return c.call("hardsigmoid", c.tensor(0));
    }
    Arg line = c.call("add.Tensor", c.call("mul.Tensor", c.tensor(0), of(alpha)), of(beta));
    return c.call("clamp", line, of(0.0), of(1.0));
  }

  /** ATen's becomes the identity above a threshold: one beyond which no digit tells. */
  private static Arg softplus(OnnxCall c) {
    double threshold = c.dtype(0) == DType.FLOAT64 ? 40 : 20;
    return c.call("softplus", c.tensor(0), of(1.0), of(threshold));
  }

  private static Arg softsign(OnnxCall c) {
    Arg x = c.tensor(0);
    return c.call("div.Tensor", x, c.call("add.Tensor", c.call("abs", x), of(1.0)));
  }

  private static Arg thresholded(OnnxCall c) {
    Arg x = c.tensor(0);
    return c.call("where.self", c.call("gt.Scalar", x, attribute(c, "alpha", 1)), x, of(0.0));
  }

  private static Arg shrunk(OnnxCall c) {
    Arg x = c.tensor(0);
    double lambda = c.attributes().real("lambd", 0.5);
    Arg bias = attribute(c, "bias", 0);
    Arg above =
        c.call(
            "where.self",
            c.call("gt.Scalar", x, of(lambda)),
            c.call("sub.Tensor", x, bias),
            of(0.0));
    return c.call(
        "where.self", c.call("lt.Scalar", x, of(-lambda)), c.call("add.Tensor", x, bias), above);
  }
}
