package io.ait4j.compiler.pass;

import static io.ait4j.compiler.pass.Programs.converted;
import static io.ait4j.compiler.pass.Programs.convolution;
import static io.ait4j.compiler.pass.Programs.floats;
import static io.ait4j.compiler.pass.Programs.run;
import static io.ait4j.compiler.pass.Programs.templates;
import static io.ait4j.compiler.pass.Programs.weight;
import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Template;
import io.ait4j.compiler.ir.Template.Algorithm;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Winograd's algorithm where its weights are used by many tiles, else sums as they are. */
class ChooseAlgorithmsTest {
  /** What the second of two convolutions is computed by, between which images are channels-last. */
  private static Algorithm chosen(long size, long channels, long kernel, long pad, long groups) {
    Program program =
        converted(
            List.of(floats(1, 3, size, size)),
            (b, in) -> {
              Arg y = convolution(b, in.get(0), weight(b, "w", channels, 3, 1, 1), 0, 1);
              Arg w = weight(b, "v", 64, channels / groups, kernel, kernel);
              return List.of(b.call("aten::relu", convolution(b, y, w, pad, groups)));
            });
    Program after = run(run(program, new AssignLayouts()), new ChooseAlgorithms());
    return ((Template.Conv) templates(after).get(1).template()).algorithm();
  }

  @Test
  void byTilesThatShareWeights() {
    assertThat(chosen(56, 64, 3, 1, 1)).isEqualTo(Algorithm.WINOGRAD_4);
    assertThat(chosen(13, 64, 3, 1, 1)).isEqualTo(Algorithm.WINOGRAD_4);
    assertThat(chosen(12, 64, 3, 1, 1)).isEqualTo(Algorithm.WINOGRAD_2);
    assertThat(chosen(7, 64, 3, 1, 1)).isEqualTo(Algorithm.WINOGRAD_2);
    assertThat(chosen(6, 64, 3, 1, 1)).isEqualTo(Algorithm.DIRECT);
  }

  @Test
  void directlyWhereAllIsConstant() {
    assertThat(ofAnImage(true)).isEqualTo(Algorithm.DIRECT);
    assertThat(ofAnImage(false)).isEqualTo(Algorithm.WINOGRAD_4);
  }

  /** How the second convolution of an image, a constant or data, is computed. */
  private static Algorithm ofAnImage(boolean constant) {
    Program program =
        converted(
            List.of(floats(1, 3, 56, 56)),
            (b, in) -> {
              Arg image = constant ? weight(b, "image", 1, 3, 56, 56) : in.get(0);
              Arg y = convolution(b, image, weight(b, "w", 64, 3, 1, 1), 0, 1);
              Arg z = convolution(b, y, weight(b, "v", 64, 64, 3, 3), 1, 1);
              Arg sums = b.call("aten::mean.dim", z, Arg.ints(1, 2, 3), new Arg.Bool(true));
              return List.of(b.call("aten::add.Tensor", in.get(0), sums));
            });
    Program whole = run(program, new MarkConstants());
    TemplateKernel second = templates(whole).get(1);
    Template.Conv channelsLast = ((Template.Conv) second.template()).withChannelStride(Dim.ONE);
    Program alone = whole.withKernels(List.of(second.withTemplate(channelsLast)));
    TemplateKernel after = templates(new ChooseAlgorithms().run(alone)).getFirst();
    return ((Template.Conv) after.template()).algorithm();
  }

  @Test
  void packedWeightsHaveRoomWhateverTheAlgorithm() {
    Program program =
        converted(
            List.of(floats(1, 64, 56, 56)),
            (b, in) -> List.of(convolution(b, in.get(0), weight(b, "w", 64, 64, 3, 3), 1, 1)));
    Template.Conv conv = (Template.Conv) templates(program).getFirst().template();
    for (Algorithm algorithm : Algorithm.values()) {
      long each = algorithm == Algorithm.DIRECT ? 9 : algorithm.products();
      assertThat(PackConstants.most(conv.withAlgorithm(algorithm)).min())
          .isBetween(each * 64 * 64, each * 64 * 127);
    }
  }

  @Test
  void onlyWhereItFits() {
    assertThat(chosen(56, 16, 3, 1, 1)).isEqualTo(Algorithm.DIRECT); // few channels
    assertThat(chosen(56, 40, 3, 1, 1)).isEqualTo(Algorithm.DIRECT); // no whole vectors
    assertThat(chosen(56, 64, 1, 0, 1)).isEqualTo(Algorithm.DIRECT);
    assertThat(chosen(56, 64, 5, 2, 1)).isEqualTo(Algorithm.DIRECT);
    assertThat(chosen(56, 64, 3, 1, 2)).isEqualTo(Algorithm.DIRECT);
  }
}
