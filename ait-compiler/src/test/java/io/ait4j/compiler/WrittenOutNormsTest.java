package io.ait4j.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Norms, gates and rotations as people write them: each is one loop, and agrees with libtorch. */
class WrittenOutNormsTest {
  private static final int COLUMNS = 24;
  private static final long[] LAST = {-1};

  @TempDir Path cache;

  private static Arg input(OperatorTable t) {
    return t.input(DType.FLOAT32, 3, 5, COLUMNS);
  }

  private static Arg square(OperatorTable t, Arg x) {
    return t.call("mean.dim", t.call("pow.Tensor_Scalar", x, 2), LAST, true);
  }

  private static Arg part(OperatorTable t, Arg x, int from) {
    return t.call("slice.Tensor", x, -1, from, from + COLUMNS / 2, 1);
  }

  @Test
  void everyFormIsOneKernel() {
    long seed = System.nanoTime();
    try (Oracle oracle = new Oracle(cache, seed)) {
      OperatorTable t = new OperatorTable(oracle);
      Arg x = input(t);
      Arg weight = t.weight(COLUMNS);
      List<String> names = new ArrayList<>();

      Arg centred = t.call("sub.Tensor", x, t.call("mean.dim", x, LAST, true));
      Arg scale = t.call("rsqrt", t.call("add.Tensor", square(t, centred), 1e-3));
      Arg norm = t.call("mul.Tensor", t.call("mul.Tensor", centred, scale), weight);
      expect(t, names, "layer norm", t.call("add.Tensor", norm, t.weight(COLUMNS)));

      x = input(t); // norms of one input share their sums, and their kernel
      centred = t.call("sub.Tensor", x, t.call("mean.dim", x, LAST, true));
      Arg deviation = t.call("sqrt", t.call("add.Tensor", square(t, centred), 1e-3));
      expect(t, names, "layer norm by division", t.call("div.Tensor", centred, deviation));

      x = input(t);
      scale = t.call("rsqrt", t.call("add.Tensor", square(t, x), 1e-3));
      expect(t, names, "RMS norm", t.call("mul.Tensor", weight, t.call("mul.Tensor", x, scale)));

      x = input(t);
      Arg gate =
          t.call(
              "div.Tensor", part(t, x, 0), onePlus(t, t.call("exp", t.call("neg", part(t, x, 0)))));
      expect(t, names, "SwiGLU", t.call("mul.Tensor", gate, part(t, x, COLUMNS / 2)));

      x = input(t);
      Arg erf = onePlus(t, t.call("erf", t.call("div.Tensor", x, Math.sqrt(2))));
      expect(t, names, "GELU", t.call("mul.Tensor", t.call("mul.Tensor", x, 0.5), erf));

      x = input(t);
      Arg turned =
          t.call(
              "cat",
              new Arg.Sequence(List.of(t.call("neg", part(t, x, COLUMNS / 2)), part(t, x, 0))),
              -1);
      expect(
          t,
          names,
          "rotary embedding",
          t.call(
              "add.Tensor",
              t.call("mul.Tensor", x, t.input(DType.FLOAT32, 5, COLUMNS)),
              t.call("mul.Tensor", turned, t.input(DType.FLOAT32, 5, COLUMNS))));

      t.check();
      CompileReport report = new AitCompiler(CompilerSettings.defaults()).plan(t.graph());
      assertThat(report.kernels())
          .hasSize(names.size())
          .allMatch(kernel -> kernel.kind().equals("loop"));
      assertThat(report.convertedKernels()).isGreaterThan(4 * names.size());
    } catch (AssertionError e) {
      throw new AssertionError("seed " + seed, e);
    }
  }

  private static Arg onePlus(OperatorTable t, Arg x) {
    return t.call("add.Tensor", x, 1);
  }

  private static void expect(OperatorTable t, List<String> names, String name, Arg result) {
    names.add(name);
    t.expect(name, 2e-5, result);
  }
}
