package io.ait4j.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.Template;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attention as people write it, which runs as one kernel and agrees with libtorch. */
class WrittenOutAttentionTest {
  private static final int BATCH = 2;
  private static final int HEADS = 6;
  private static final int LENGTH = 19;
  private static final int DIM = 8;

  @TempDir Path cache;

  private static Arg heads(OperatorTable t, int heads) {
    Arg x = t.input(DType.FLOAT32, BATCH, LENGTH, heads * DIM);
    return t.call(
        "permute",
        t.call("view", x, OperatorTable.of(BATCH, LENGTH, heads, DIM)),
        OperatorTable.of(0, 2, 1, 3));
  }

  private static Arg scores(OperatorTable t, Arg q, Arg k) {
    return t.call("matmul", q, t.call("transpose.int", k, -2, -1));
  }

  private static Arg mask(OperatorTable t) {
    // every seventh key in turn; row 0 hides all
    Number[] mask = new Number[LENGTH * LENGTH];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = i < LENGTH || i % 7 == 3 ? 1 : 0;
    }
    return t.values(DType.BOOL, OperatorTable.of(1, 1, LENGTH, LENGTH), mask);
  }

  /** Computed, where another mask is given: a pass may find out what it is. */
  private static Arg future(OperatorTable t) {
    Arg positions = t.call("arange.start_step", 0, LENGTH, 1);
    return t.call("gt.Tensor", positions, t.call("unsqueeze", positions, 1));
  }

  private static Arg softmax(OperatorTable t, Arg scores) {
    return t.call("_softmax", scores, -1, false);
  }

  private static Arg repeated(OperatorTable t, Arg x, int times) {
    long kept = HEADS / times;
    Arg wide =
        t.call(
            "expand", t.call("unsqueeze", x, 2), OperatorTable.of(BATCH, kept, times, LENGTH, DIM));
    return t.call("reshape", wide, OperatorTable.of(BATCH, HEADS, LENGTH, DIM));
  }

  @Test
  void everyFormIsOneKernel() {
    try (Oracle oracle = new Oracle(cache, System.nanoTime())) {
      OperatorTable t = new OperatorTable(oracle);
      Arg q = heads(t, HEADS);
      Arg k = heads(t, HEADS);
      Arg v = heads(t, HEADS);
      Arg mask = mask(t);
      List<String> names = new ArrayList<>();

      Arg s = t.call("div.Tensor", scores(t, q, k), Math.sqrt(DIM));
      expect(t, names, "scaled after", t.call("matmul", softmax(t, s), v));

      s = scores(t, t.call("mul.Tensor", q, 0.3), t.call("mul.Tensor", k, 0.5));
      s = t.call("add.Tensor", s, t.input(DType.FLOAT32, 1, HEADS, LENGTH, LENGTH));
      expect(t, names, "scaled before, biased", t.call("matmul", softmax(t, s), v));

      s = t.call("masked_fill.Scalar", scores(t, q, k), mask, Double.NEGATIVE_INFINITY);
      expect(t, names, "a row that sees nothing is NaN", t.call("matmul", softmax(t, s), v));

      s = t.call("masked_fill.Scalar", t.call("mul.Tensor", scores(t, q, k), 0.3), mask, -1e4);
      expect(t, names, "a row that sees nothing is a mean", t.call("matmul", softmax(t, s), v));

      s = t.call("masked_fill.Scalar", scores(t, q, k), future(t), Double.NEGATIVE_INFINITY);
      expect(t, names, "causal", t.call("matmul", softmax(t, s), v));

      Arg past = t.call("logical_not", future(t));
      expect(t, names, "causal by mask", t.call("scaled_dot_product_attention", q, k, v, past));

      s = t.call("mul.Tensor", t.call("tanh", t.call("div.Tensor", scores(t, q, k), 5.0)), 5.0);
      expect(t, names, "capped", t.call("matmul", softmax(t, s), v));

      s = scores(t, q, repeated(t, heads(t, 2), 3));
      expect(t, names, "grouped", t.call("matmul", softmax(t, s), repeated(t, heads(t, 2), 3)));

      s = t.call("mul.Tensor", scores(t, q, k), 0.3);
      Arg e = t.call("exp", t.call("sub.Tensor", s, t.call("amax", s, OperatorTable.of(-1), true)));
      Arg p = t.call("div.Tensor", e, t.call("sum.dim_IntList", e, OperatorTable.of(-1), true));
      expect(t, names, "softmax written out", t.call("matmul", p, v));

      Arg single = t.input(DType.FLOAT32, LENGTH, DIM);
      s = t.call("mul.Tensor", scores(t, single, single), 0.3);
      expect(t, names, "one head", t.call("matmul", softmax(t, s), single));

      t.check();
      List<Kernel> kernels = new ArrayList<>();
      new AitCompiler(CompilerSettings.defaults())
          .trace(
              t.graph(),
              (pass, program) -> {
                kernels.clear();
                kernels.addAll(program.kernels());
              });
      assertThat(kernels)
          .as("%s", kernels)
          .hasSize(names.size())
          .allMatch(
              kernel ->
                  kernel instanceof TemplateKernel template
                      && template.template() instanceof Template.Attention);
    }
  }

  private static void expect(OperatorTable t, List<String> names, String name, Arg result) {
    names.add(name);
    t.expect(name, 2e-5, result);
  }
}
