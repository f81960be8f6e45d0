package io.ait4j.compiler.pass;

import static io.ait4j.compiler.pass.Programs.converted;
import static io.ait4j.compiler.pass.Programs.floats;
import static io.ait4j.compiler.pass.Programs.loops;
import static io.ait4j.compiler.pass.Programs.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.UnaryOp;
import io.ait4j.fx.Arg;
import io.ait4j.fx.FxGraphBuilder;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/** Activations as people write them, and what only looks like one. */
class RecogniseActivationsTest {

  private static Arg call(FxGraphBuilder b, String op, Object... args) {
    List<Arg> list =
        java.util.Arrays.stream(args)
            .map(a -> a instanceof Double x ? new Arg.Float(x) : (Arg) a)
            .toList();
    return b.call("aten::" + op, list.toArray(Arg[]::new));
  }

  /** What one element of the result is computed as. */
  private static Expr body(BiFunction<FxGraphBuilder, Arg, Arg> activation) {
    Program before =
        converted(List.of(floats(4, 8)), (b, in) -> List.of(activation.apply(b, in.get(0))));
    Program after = run(before, new FuseProducers(), new RecogniseActivations());
    assertThat(after.kernels()).hasSize(1);
    return loops(after).getFirst().stage().body();
  }

  private static UnaryOp recognised(BiFunction<FxGraphBuilder, Arg, Arg> activation) {
    Expr body = body(activation);
    return body instanceof Expr.Unary unary && unary.operand() instanceof Expr.Load
        ? unary.op()
        : null;
  }

  private static Arg erf(FxGraphBuilder b, Arg x, double divisor) {
    Arg inner = call(b, "erf", call(b, "div.Tensor", x, divisor));
    return call(b, "add.Tensor", inner, 1.0);
  }

  private static Arg cubic(FxGraphBuilder b, Arg x, double factor) {
    Arg cube = call(b, "mul.Tensor", call(b, "pow.Tensor_Scalar", x, 3.0), factor);
    Arg sum = call(b, "add.Tensor", x, cube);
    return call(b, "tanh", call(b, "mul.Tensor", sum, Math.sqrt(2 / Math.PI)));
  }

  @Test
  void gelu() {
    assertThat(
            recognised(
                (b, x) ->
                    call(
                        b,
                        "mul.Tensor",
                        call(b, "mul.Tensor", x, 0.5),
                        erf(b, x, 1.4142135623730951))))
        .isEqualTo(UnaryOp.GELU_ERF);
    assertThat(
            recognised(
                (b, x) ->
                    call(
                        b,
                        "mul.Tensor",
                        call(b, "mul.Tensor", x, 0.5),
                        call(b, "add.Tensor", cubic(b, x, 0.044715), 1.0))))
        .isEqualTo(UnaryOp.GELU_TANH);
  }

  @Test
  void silu() {
    assertThat(recognised((b, x) -> call(b, "mul.Tensor", x, call(b, "sigmoid", x))))
        .isEqualTo(UnaryOp.SILU);
    assertThat(
            recognised(
                (b, x) -> {
                  Arg exp = call(b, "exp", call(b, "neg", x));
                  return call(b, "div.Tensor", x, call(b, "add.Tensor", exp, 1.0));
                }))
        .isEqualTo(UnaryOp.SILU);
  }

  @Test
  void othersAreNot() {
    assertThat(
            recognised(
                (b, x) -> call(b, "mul.Tensor", call(b, "mul.Tensor", x, 0.5), erf(b, x, 1.4))))
        .isNull();
    assertThat(
            recognised(
                (b, x) ->
                    call(
                        b,
                        "mul.Tensor",
                        call(b, "mul.Tensor", x, 0.5),
                        call(b, "add.Tensor", cubic(b, x, 0.05), 1.0))))
        .isNull();
    assertThat(
            recognised(
                (b, x) ->
                    call(b, "mul.Tensor", x, call(b, "sigmoid", call(b, "mul.Tensor", x, 1.702)))))
        .isNull();
  }
}
