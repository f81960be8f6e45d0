package io.ait4j.compiler.pass;

import static io.ait4j.compiler.pass.Programs.converted;
import static io.ait4j.compiler.pass.Programs.convolution;
import static io.ait4j.compiler.pass.Programs.floats;
import static io.ait4j.compiler.pass.Programs.loaded;
import static io.ait4j.compiler.pass.Programs.run;
import static io.ait4j.compiler.pass.Programs.templates;
import static io.ait4j.compiler.pass.Programs.weight;
import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.PackKernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What weights alone decide is computed when the library is built. */
class ConstantPassesTest {

  private static long folded(Program program) {
    return program.buffers().values().stream().filter(b -> b.role() == Buffer.Role.FOLDED).count();
  }

  @Test
  void whatDependsOnWeightsAloneIsFolded() {
    Program before =
        converted(
            List.of(floats(4)),
            (b, in) -> {
              Arg w = b.call("aten::exp", weight(b, "w", 4));
              Arg v = b.call("aten::neg", w);
              Arg mixed = b.call("aten::add.Tensor", v, in.get(0));
              return List.of(b.call("aten::relu", mixed), v);
            });
    assertThat(folded(before)).isZero();
    Program after = run(before, new MarkConstants());
    assertThat(folded(after)).isEqualTo(2);
    assertThat(after.buffer(after.outputs().get(1)).role()).isEqualTo(Buffer.Role.OUTPUT);
  }

  @Test
  void aConcatenationWithDataIsNotFolded() {
    Program before =
        converted(
            List.of(floats(4)),
            (b, in) -> {
              Arg w = weight(b, "w", 4);
              Arg joined =
                  b.call("aten::cat", new Arg.Sequence(List.of(w, in.get(0))), new Arg.Int(0));
              return List.of(b.call("aten::exp", joined));
            });
    assertThat(folded(run(before, new MarkConstants()))).isZero();
  }

  @Test
  void batchNormGoesIntoTheWeights() {
    Program fused =
        run(
            converted(
                List.of(floats(1, 3, 8, 8)),
                (b, in) -> {
                  Arg y = convolution(b, in.get(0), weight(b, "w", 5, 3, 3, 3), 1, 1);
                  return List.of(
                      b.call(
                          "aten::batch_norm",
                          y,
                          weight(b, "gamma", 5),
                          weight(b, "beta", 5),
                          weight(b, "mean", 5),
                          weight(b, "var", 5),
                          new Arg.Bool(false),
                          new Arg.Float(0.1),
                          new Arg.Float(1e-5),
                          new Arg.Bool(true)));
                }),
            new MarkConstants(),
            new FuseConsumers());
    TemplateKernel before = templates(fused).getFirst();
    assertThat(loaded(before.epilogue().body())).hasSize(2); // scale and shift
    assertThat(loaded(before.operands().get(1).value())).hasSize(1);
    TemplateKernel after = templates(run(fused, new FoldScales())).getFirst();
    assertThat(loaded(after.epilogue().body())).hasSize(1); // the shift
    assertThat(loaded(after.operands().get(1).value())).hasSize(2); // weight times scale
  }

  @Test
  void aScaleBehindAnActivationStays() {
    Program fused =
        run(
            converted(
                List.of(floats(4, 8)),
                (b, in) -> {
                  Arg y = b.call("aten::linear", in.get(0), weight(b, "w", 16, 8), Arg.NONE);
                  y = b.call("aten::relu", y);
                  return List.of(b.call("aten::mul.Tensor", y, weight(b, "scale", 16)));
                }),
            new MarkConstants(),
            new FuseConsumers());
    assertThat(templates(fused)).hasSize(1);
    TemplateKernel after = templates(run(fused, new FoldScales())).getFirst();
    assertThat(after).isEqualTo(templates(fused).getFirst());
  }

  @Test
  void aWeightIsPackedOnceForAllItsProducts() {
    Program before =
        converted(
            List.of(floats(4, 8), floats(2, 8)),
            (b, in) -> {
              Arg w = weight(b, "w", 16, 8);
              return List.of(
                  b.call("aten::linear", in.get(0), w, Arg.NONE),
                  b.call("aten::linear", in.get(1), w, Arg.NONE),
                  b.call("aten::linear", in.get(1), weight(b, "v", 16, 8), Arg.NONE));
            });
    Program after = run(before, new MarkConstants(), new PackConstants(DType.FLOAT32));
    assertThat(after.kernels().stream().filter(PackKernel.class::isInstance)).hasSize(2);
    List<String> packed = templates(after).stream().map(TemplateKernel::packed).toList();
    assertThat(packed.get(0)).isNotEmpty().isEqualTo(packed.get(1)).isNotEqualTo(packed.get(2));
    assertThat(after.buffer(packed.get(0)).role()).isEqualTo(Buffer.Role.FOLDED);
  }

  @Test
  void dataIsPackedInEachRunWhereTheKernelNeedsIt() {
    Program before =
        converted(
            List.of(floats(1, 3, 8, 8), floats(5, 3, 3, 3), floats(4, 8), floats(8, 16)),
            (b, in) ->
                List.of(
                    convolution(b, in.get(0), in.get(1), 1, 1),
                    b.call("aten::mm", in.get(2), in.get(3))));
    Program after = run(before, new MarkConstants(), new PackConstants(DType.FLOAT32));
    String packed = templates(after).getFirst().packed();
    assertThat(after.buffer(packed).role()).isEqualTo(Buffer.Role.TEMP);
    assertThat(templates(after).getLast().packed()).isEmpty();
  }
}
