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
import io.ait4j.fx.Arg;
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
  void onlyWhereItFits() {
    assertThat(chosen(56, 16, 3, 1, 1)).isEqualTo(Algorithm.DIRECT); // few channels
    assertThat(chosen(56, 40, 3, 1, 1)).isEqualTo(Algorithm.DIRECT); // no whole vectors
    assertThat(chosen(56, 64, 1, 0, 1)).isEqualTo(Algorithm.DIRECT);
    assertThat(chosen(56, 64, 5, 2, 1)).isEqualTo(Algorithm.DIRECT);
    assertThat(chosen(56, 64, 3, 1, 2)).isEqualTo(Algorithm.DIRECT);
  }
}
