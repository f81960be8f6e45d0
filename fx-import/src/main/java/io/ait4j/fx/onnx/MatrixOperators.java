package io.ait4j.fx.onnx;

import static io.ait4j.fx.Arg.of;

import io.ait4j.fx.Arg;
import java.util.ArrayList;
import java.util.List;

/** Products of matrices. */
final class MatrixOperators {
  private MatrixOperators() {}

  static void addTo(OperatorTable table) {
    table.add("MatMul", c -> c.call("matmul", c.tensor(0), c.tensor(1)));
    table.add("Gemm", MatrixOperators::gemm);
    table.add("Einsum", MatrixOperators::einsum);
  }

  private static Arg gemm(OnnxCall c) {
    double alpha = c.attributes().real("alpha", 1);
    double beta = c.attributes().real("beta", 1);
    boolean transA = c.attributes().flag("transA", false);
    boolean transB = c.attributes().flag("transB", false);
    if (c.rank(0) != 2 || c.rank(1) != 2) {
      throw c.error("its operands have ranks %d and %d, not 2".formatted(c.rank(0), c.rank(1)));
    }
    if (!transA && transB && alpha == 1 && (!c.has(2) || beta == 1 && c.rank(2) == 1 && fits(c))) {
      return c.call("linear", c.tensor(0), c.tensor(1), c.optional(2));
    }
    Arg a = transA ? c.call("t", c.tensor(0)) : c.tensor(0);
    Arg b = transB ? c.call("t", c.tensor(1)) : c.tensor(1);
    if (c.has(2)) {
      return c.call("addmm", c.tensor(2), a, b, number(beta), number(alpha));
    }
    Arg product = c.call("mm", a, b);
    return alpha == 1 ? product : c.call("mul.Tensor", product, of(alpha));
  }

  /** Whether the bias has one element for each column. */
  private static boolean fits(OnnxCall c) {
    return c.shape(2).getFirst().equals(c.shape(1).getFirst());
  }

  /** Integers take integer factors only. */
  private static Arg number(double value) {
    return value == Math.rint(value) ? of((long) value) : of(value);
  }

  private static Arg einsum(OnnxCall c) {
    List<Arg> operands = new ArrayList<>();
    for (int i = 0; i < c.count(); i++) {
      operands.add(c.tensor(i));
    }
    String equation = c.attributes().text("equation", "").replace(" ", "");
    return c.call("einsum", new Arg.Str(equation), new Arg.Sequence(operands));
  }
}
