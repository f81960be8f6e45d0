package io.ait4j.compiler.pass;

import static io.ait4j.compiler.pass.Programs.converted;
import static io.ait4j.compiler.pass.Programs.floats;
import static io.ait4j.compiler.pass.Programs.run;
import static io.ait4j.compiler.pass.Programs.templates;
import static io.ait4j.compiler.pass.Programs.weight;
import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.compiler.ir.BinaryOp;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Template;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.compiler.ir.Verifier;
import io.ait4j.fx.Arg;
import io.ait4j.fx.FxGraphBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Products of one matrix that become one, and those that must not. */
class MergeProductsTest {

  private static Arg heads(FxGraphBuilder b, Arg x) {
    return b.call(
        "aten::permute", b.call("aten::view", x, Arg.ints(2, 7, 3, 4)), Arg.ints(0, 2, 1, 3));
  }

  private static Arg attention(FxGraphBuilder b, Arg q, Arg k, Arg v) {
    return b.call("aten::scaled_dot_product_attention", heads(b, q), heads(b, k), heads(b, v));
  }

  private static Program run(Program before) {
    return Programs.run(
        before,
        new MarkConstants(),
        new FoldViews(),
        new RemoveDeadCode(),
        new FuseConsumers(),
        new FuseProducers(),
        new MergeProducts(),
        new RemoveDeadCode());
  }

  private static List<TemplateKernel> products(Program program) {
    return templates(program).stream().filter(t -> t.template() instanceof Template.Gemm).toList();
  }

  @Test
  void queriesKeysAndValuesAreOneProductThatAttentionReadsInPlace() {
    Program before =
        converted(
            List.of(floats(2, 7, 5)),
            (b, in) -> {
              Arg x = in.get(0);
              Arg q = b.call("aten::linear", x, weight(b, "q", 12, 5), weight(b, "bq", 12));
              Arg k = b.call("aten::linear", x, weight(b, "k", 12, 5), Arg.NONE);
              Arg v = b.call("aten::linear", x, weight(b, "v", 12, 5), weight(b, "bv", 12));
              return List.of(attention(b, q, k, v));
            });
    Program after = run(before);
    assertThat(products(after)).hasSize(1);
    Template.Gemm merged = (Template.Gemm) products(after).getFirst().template();
    assertThat(merged.n().value()).isEqualTo(36);
    TemplateKernel attention = templates(after).getLast();
    assertThat(attention.reads()).containsExactly(products(after).getFirst().epilogue().target());
    assertThat(products(after).getFirst().origins()).hasSize(3);
    Expr weight = products(after).getFirst().operands().get(1).value();
    assertThat(weight.loads()).hasSize(3);
    assertThat(always(weight)).isEmpty(); // columns of one part lie outside of the others
  }

  /** Loads that are evaluated at every column. */
  private static List<Expr.Load> always(Expr e) {
    return e.rewrite(
            part ->
                part instanceof Expr.Select s && s.guard()
                    ? Expr.binary(BinaryOp.ADD, Expr.cast(s.dtype(), s.condition()), s.otherwise())
                    : part)
        .loads();
  }

  @Test
  void constantsComputedBetweenComeFirst() {
    Program before =
        converted(
            List.of(floats(14, 5)),
            (b, in) -> {
              Arg x = in.get(0);
              Arg one = b.call("aten::linear", x, weight(b, "a", 12, 5), weight(b, "ba", 12));
              Arg bias = b.call("aten::add.Tensor", weight(b, "b1", 12), weight(b, "b2", 12));
              Arg other = b.call("aten::linear", x, weight(b, "b", 12, 5), bias);
              return List.of(
                  b.call("aten::_softmax", one, new Arg.Int(1), new Arg.Bool(false)),
                  b.call("aten::_softmax", other, new Arg.Int(1), new Arg.Bool(false)));
            });
    Program after = run(before);
    Verifier.verify(after);
    assertThat(products(after)).hasSize(1);
  }

  @Test
  void productsOfAMergedProductMergeToo() {
    Program before =
        converted(
            List.of(floats(14, 5)),
            (b, in) -> {
              Arg x = in.get(0);
              Arg one = b.call("aten::linear", x, weight(b, "a", 12, 5), weight(b, "ba", 12));
              Arg other = b.call("aten::linear", x, weight(b, "b", 12, 5), weight(b, "bb", 12));
              Arg up = b.call("aten::linear", one, weight(b, "c", 7, 12), Arg.NONE);
              Arg down = b.call("aten::linear", one, weight(b, "d", 9, 12), Arg.NONE);
              return List.of(
                  b.call("aten::_softmax", other, new Arg.Int(1), new Arg.Bool(false)),
                  b.call("aten::_softmax", up, new Arg.Int(1), new Arg.Bool(false)),
                  b.call("aten::_softmax", down, new Arg.Int(1), new Arg.Bool(false)));
            });
    Program after = run(before);
    Verifier.verify(after);
    assertThat(products(after)).hasSize(2);
  }

  @Test
  void otherMatricesOtherEpiloguesAndOutputsStayApart() {
    Program before =
        converted(
            List.of(floats(14, 5), floats(14, 5), floats(14, 12)),
            (b, in) -> {
              Arg one = b.call("aten::linear", in.get(0), weight(b, "a", 12, 5), Arg.NONE);
              Arg other = b.call("aten::linear", in.get(1), weight(b, "b", 12, 5), Arg.NONE);
              Arg gate =
                  b.call(
                      "aten::relu",
                      b.call("aten::linear", in.get(0), weight(b, "c", 12, 5), Arg.NONE));
              Arg shown = b.call("aten::linear", in.get(0), weight(b, "d", 12, 5), Arg.NONE);
              return List.of(
                  b.call("aten::_softmax", one, new Arg.Int(1), new Arg.Bool(false)),
                  b.call("aten::_softmax", other, new Arg.Int(1), new Arg.Bool(false)),
                  gate,
                  shown);
            });
    Program after = run(before);
    assertThat(products(after)).hasSize(4);
  }
}
