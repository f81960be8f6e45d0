package io.ait4j.compiler.pass;

import static io.ait4j.compiler.pass.Programs.converted;
import static io.ait4j.compiler.pass.Programs.floats;
import static io.ait4j.compiler.pass.Programs.run;
import static io.ait4j.compiler.pass.Programs.templates;
import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.compiler.ir.BinaryOp;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Operand;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Template;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.compiler.ir.UnaryOp;
import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Masks that need not be read. */
class RecogniseMasksTest {
  private static final int LENGTH = 7;

  private static Arg positions(FxGraphBuilder b, long... shape) {
    Arg positions =
        b.call(
            "aten::arange.start_step",
            new Arg.Int(0),
            new Arg.Int(LongStream.of(shape).max().getAsLong()),
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
    return attention(LENGTH, LENGTH, mask);
  }

  private static Program attention(long queries, long keys, Function<FxGraphBuilder, Arg> mask) {
    return program(b -> List.of(attention(b, queries, keys, mask.apply(b))));
  }

  private static Arg attention(FxGraphBuilder b, long queries, long keys, Arg mask) {
    Arg q = b.input("q", floats(2, 3, queries, 8));
    Arg k = b.input("k", floats(2, 3, keys, 8));
    return b.call("aten::scaled_dot_product_attention", q, k, k, mask);
  }

  private static Program program(Function<FxGraphBuilder, List<Arg>> results) {
    return run(
        converted(List.of(), (b, none) -> results.apply(b)),
        new MarkConstants(),
        new FoldViews(),
        new RemoveDeadCode(),
        new FuseConsumers(),
        new FuseProducers());
  }

  private static TemplateKernel recognised(Function<FxGraphBuilder, Arg> mask) {
    return recognised(attention(mask));
  }

  private static TemplateKernel recognised(Program before) {
    assertThat(templates(before).getFirst().operands()).hasSize(4);
    Program after = run(before, new RecogniseMasks(), new RemoveDeadCode());
    TemplateKernel kernel = templates(after).getFirst();
    if (kernel.operands().size() == 3) {
      assertThat(after.kernels()).as("nothing computes the mask").hasSize(templates(after).size());
    }
    return kernel;
  }

  private static void assertCausal(Function<FxGraphBuilder, Arg> mask) {
    assertCausal(attention(mask));
  }

  private static void assertCausal(Program before) {
    TemplateKernel kernel = recognised(before);
    assertThat(kernel.operands()).hasSize(3);
    assertThat(((Template.Attention) kernel.template()).causal()).isTrue();
  }

  private static void assertLeftOut(Program before) {
    TemplateKernel kernel = recognised(before);
    assertThat(kernel.operands()).hasSize(3);
    assertThat(((Template.Attention) kernel.template()).causal()).isFalse();
  }

  private static void assertStays(Function<FxGraphBuilder, Arg> mask) {
    assertStays(attention(mask));
  }

  private static void assertStays(Program before) {
    assertThat(run(before, new RecogniseMasks())).isEqualTo(before);
  }

  /** Attention whose scores are made otherwise: of where they lie in the past, and themselves. */
  private static Program scored(BinaryOperator<Expr> score) {
    Program before = attention(RecogniseMasksTest::past);
    TemplateKernel kernel = templates(before).getFirst();
    Operand scores = kernel.operands().get(3);
    List<Expr> conditions = new ArrayList<>();
    scores
        .value()
        .forEach(
            e -> {
              if (e instanceof Expr.Select select) {
                conditions.add(select.condition());
              }
            });
    List<Operand> operands = new ArrayList<>(kernel.operands());
    operands.set(
        3,
        scores.withValue(score.apply(conditions.getLast(), new Expr.Accumulator(DType.FLOAT32))));
    return before.withKernels(
        before.kernels().stream()
            .map(k -> k == kernel ? kernel.withOperands(operands) : k)
            .toList());
  }

  private static Expr number(double value) {
    return Expr.literal(DType.FLOAT32, value);
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
    assertLeftOut(
        attention(
            b ->
                b.call(
                    "aten::ge.Scalar",
                    b.call("aten::add.Tensor", rows(b), columns(b)),
                    new Arg.Int(0))));
    assertLeftOut(
        attention(b -> b.call("aten::ge.Scalar", positions(b, LENGTH, 1), new Arg.Int(0))));
    assertLeftOut(
        attention(b -> b.call("aten::ge.Scalar", positions(b, 1, LENGTH), new Arg.Int(0))));
  }

  /** A score that is replaced by 0 counts; one to which 0 is added is what it was. */
  @Test
  void replacedScoresAreHiddenByTheLowestNumbersOnly() {
    for (double low : new double[] {Double.NEGATIVE_INFINITY, -Float.MAX_VALUE}) {
      assertCausal(scored((past, acc) -> Expr.select(past, acc, number(low))));
      assertCausal(
          scored(
              (past, acc) -> Expr.select(Expr.unary(UnaryOp.LOGICAL_NOT, past), number(low), acc)));
    }
    for (double high : new double[] {0, -1e4, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertStays(scored((past, acc) -> Expr.select(past, acc, number(high))));
      assertStays(scored((past, acc) -> Expr.select(past, number(high), acc)));
      assertStays(
          scored(
              (past, acc) ->
                  Expr.select(Expr.unary(UnaryOp.LOGICAL_NOT, past), number(high), acc)));
    }
    Expr always = Expr.literal(DType.BOOL, 1);
    assertLeftOut(scored((past, acc) -> Expr.select(always, acc, number(0))));
    assertStays(scored((past, acc) -> Expr.select(always, number(0), acc)));
  }

  @Test
  void masksOnTopOfEachOther() {
    Expr low = number(Double.NEGATIVE_INFINITY);
    assertCausal(
        scored((past, acc) -> Expr.binary(BinaryOp.ADD, Expr.select(past, acc, low), number(0))));
    assertCausal(
        scored(
            (past, acc) ->
                Expr.select(
                    past, Expr.binary(BinaryOp.ADD, Expr.select(past, number(0), low), acc), low)));
    assertStays(
        scored(
            (past, acc) -> Expr.binary(BinaryOp.ADD, Expr.select(past, acc, low), number(-1e4))));
    assertStays(
        scored(
            (past, acc) -> // a score is tested, not only where it lies
            Expr.select(
                    Expr.binary(BinaryOp.GE, acc, number(0)), Expr.select(past, acc, low), low)));
  }

  /** A mask of keys alone hides the future from a single query, but not from several. */
  @Test
  void eachQueryLengthIsDecidedOnItsOwn() {
    for (long[] queries : new long[][] {{1, LENGTH}, {LENGTH, 1}}) {
      Program after =
          run(
              program(
                  b -> {
                    Arg first = b.call("aten::lt.Scalar", positions(b, 1, LENGTH), new Arg.Int(1));
                    return LongStream.of(queries)
                        .mapToObj(q -> attention(b, q, LENGTH, first))
                        .toList();
                  }),
              new RecogniseMasks());
      for (TemplateKernel kernel : templates(after)) {
        Template.Attention a = (Template.Attention) kernel.template();
        assertThat(a.causal()).as("%s", a).isEqualTo(a.queryLength().is(1));
        assertThat(kernel.operands()).hasSize(a.causal() ? 3 : 4);
      }
    }
  }

  /** The first query sees the first key, however many keys there are. */
  @Test
  void otherwiseAlignedMasksStay() {
    for (long[] lengths : new long[][] {{3, 5}, {5, 3}}) {
      long q = lengths[0];
      long k = lengths[1];
      assertCausal(
          attention(q, k, b -> b.call("aten::le.Tensor", positions(b, 1, k), positions(b, q, 1))));
      assertStays(
          attention(
              q,
              k,
              b ->
                  b.call(
                      "aten::le.Tensor",
                      positions(b, 1, k),
                      b.call("aten::add.Tensor", positions(b, q, 1), new Arg.Int(k - q)))));
    }
  }

  @Test
  void longMasksAreDecidedBlockByBlock() {
    for (long length : new long[] {2048, 8192}) {
      assertCausal(
          attention(
              length,
              length,
              b -> b.call("aten::le.Tensor", positions(b, 1, length), positions(b, length, 1))));
      assertStays(
          attention( // but for the last query's last key
              length,
              length,
              b ->
                  b.call(
                      "aten::logical_and",
                      b.call("aten::le.Tensor", positions(b, 1, length), positions(b, length, 1)),
                      b.call(
                          "aten::lt.Scalar", positions(b, 1, length), new Arg.Int(length - 1)))));
    }
  }

  /** Of a number less itself only single points tell that it is 0. */
  private static Arg hardToTell(FxGraphBuilder b, long length) {
    Arg product = b.call("aten::mul.Tensor", positions(b, 1, length), positions(b, length, 1));
    return b.call("aten::eq.Scalar", b.call("aten::sub.Tensor", product, product), new Arg.Int(0));
  }

  @Test
  void aMaskThatCannotBeToldSpoilsNoOther() {
    assertLeftOut(attention(b -> hardToTell(b, LENGTH)));
    Program after =
        run(
            program(
                b ->
                    List.of(
                        attention(b, 4096, 4096, hardToTell(b, 4096)),
                        attention(b, LENGTH, LENGTH, past(b)))),
            new RecogniseMasks());
    assertThat(templates(after).stream().map(k -> k.operands().size())).containsExactly(4, 3);
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
