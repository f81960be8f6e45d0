package io.ait4j.compiler.pass;

import static io.ait4j.compiler.pass.Programs.converted;
import static io.ait4j.compiler.pass.Programs.floats;
import static io.ait4j.compiler.pass.Programs.run;
import static io.ait4j.compiler.pass.Programs.templates;
import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Template;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.TensorMeta;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Masks that need not be read. */
class RecogniseMasksTest {
  private static final int LENGTH = 7;

  private static Arg positions(FxGraphBuilder b, long... shape) {
    Arg positions =
        b.call(
            "aten::arange.start_step",
            new Arg.Int(0),
            new Arg.Int(LENGTH),
            new Arg.Int(1),
            new Arg.Type(DType.INT64));
    return b.call("aten::view", positions, Arg.ints(shape));
  }

  private static Arg rows(FxGraphBuilder b) {
    return positions(b, LENGTH, 1);
  }

  private static Arg columns(FxGraphBuilder b) {
    return positions(b, 1, LENGTH);
  }

  private static Arg full(FxGraphBuilder b, Arg value, DType dtype, long... shape) {
    return b.call("aten::full", Arg.ints(shape), value, new Arg.Type(dtype));
  }

  private static Arg past(FxGraphBuilder b) {
    return b.call("aten::le.Tensor", columns(b), rows(b));
  }

  private static Program attention(Function<FxGraphBuilder, Arg> mask) {
    Program before =
        converted(
            List.of(floats(2, 3, LENGTH, 8), floats(2, 3, LENGTH, 8), floats(2, 3, LENGTH, 8)),
            (b, in) ->
                List.of(
                    b.call(
                        "aten::scaled_dot_product_attention",
                        in.get(0),
                        in.get(1),
                        in.get(2),
                        mask.apply(b))));
    return run(
        before,
        new MarkConstants(),
        new FoldViews(),
        new RemoveDeadCode(),
        new FuseConsumers(),
        new FuseProducers());
  }

  private static TemplateKernel recognised(Function<FxGraphBuilder, Arg> mask) {
    Program before = attention(mask);
    assertThat(templates(before).getFirst().operands()).hasSize(4);
    Program after = run(before, new RecogniseMasks(), new RemoveDeadCode());
    TemplateKernel kernel = templates(after).getFirst();
    if (kernel.operands().size() == 3) {
      assertThat(after.kernels()).as("nothing computes the mask").hasSize(templates(after).size());
    }
    return kernel;
  }

  private static void assertCausal(Function<FxGraphBuilder, Arg> mask) {
    TemplateKernel kernel = recognised(mask);
    assertThat(kernel.operands()).hasSize(3);
    assertThat(((Template.Attention) kernel.template()).causal()).isTrue();
  }

  private static void assertStays(Function<FxGraphBuilder, Arg> mask) {
    Program before = attention(mask);
    assertThat(run(before, new RecogniseMasks())).isEqualTo(before);
  }

  @Test
  void truthValuesThatShowThePastAreCausal() {
    assertCausal(RecogniseMasksTest::past);
    assertCausal(b -> b.call("aten::logical_not", b.call("aten::gt.Tensor", columns(b), rows(b))));
  }

  @Test
  void numbersThatHideTheFutureAreCausal() {
    for (double low : new double[] {Double.NEGATIVE_INFINITY, -Float.MAX_VALUE}) {
      assertCausal(
          b ->
              b.call(
                  "aten::where.self",
                  past(b),
                  full(b, new Arg.Float(0), DType.FLOAT32),
                  full(b, new Arg.Float(low), DType.FLOAT32)));
    }
  }

  /** Packed sequences are told by how often positions jump; these never do. */
  @Test
  void oneSequenceOfPackedOnesIsCausal() {
    assertCausal(
        b -> {
          Arg jumps = b.call("aten::ne.Scalar", positions(b, LENGTH), new Arg.Int(-1));
          jumps = b.call("aten::logical_not", jumps);
          Arg sequence = b.call("aten::cumsum", jumps, new Arg.Int(0));
          Arg same =
              b.call(
                  "aten::eq.Tensor",
                  b.call("aten::unsqueeze", sequence, new Arg.Int(0)),
                  b.call("aten::unsqueeze", sequence, new Arg.Int(1)));
          return b.call("aten::bitwise_and.Tensor", past(b), same);
        });
  }

  @Test
  void aMaskThatShowsAllIsLeftOut() {
    TemplateKernel kernel =
        recognised(
            b ->
                b.call(
                    "aten::ge.Scalar",
                    b.call("aten::add.Tensor", rows(b), columns(b)),
                    new Arg.Int(0)));
    assertThat(kernel.operands()).hasSize(3);
    assertThat(((Template.Attention) kernel.template()).causal()).isFalse();
  }

  @Test
  void otherMasksStay() {
    assertStays(b -> b.call("aten::lt.Tensor", columns(b), rows(b))); // the first row sees nothing
    assertStays(b -> b.call("aten::ge.Tensor", columns(b), rows(b)));
    assertStays(
        b -> // hidden keys count a little
        b.call(
                "aten::where.self",
                past(b),
                full(b, new Arg.Float(0), DType.FLOAT32),
                full(b, new Arg.Float(-1e4), DType.FLOAT32)));
    assertStays(
        b ->
            b.call(
                "aten::bitwise_and.Tensor",
                past(b),
                b.input("seen", TensorMeta.contiguous(DType.BOOL, LENGTH, LENGTH))));
    assertStays(b -> Programs.weight(b, "mask", LENGTH, LENGTH));
  }
}
