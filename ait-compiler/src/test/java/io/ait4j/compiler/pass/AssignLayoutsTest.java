package io.ait4j.compiler.pass;

import static io.ait4j.compiler.pass.Programs.converted;
import static io.ait4j.compiler.pass.Programs.convolution;
import static io.ait4j.compiler.pass.Programs.floats;
import static io.ait4j.compiler.pass.Programs.run;
import static io.ait4j.compiler.pass.Programs.templates;
import static io.ait4j.compiler.pass.Programs.weight;
import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Template;
import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Images between convolutions lie channels-last; what others own stays as it is. */
class AssignLayoutsTest {

  private static long channelStride(Program program, int i) {
    return ((Template.Conv) templates(program).get(i).template()).channelStride().value();
  }

  @Test
  void imagesGoChannelsLast() {
    Program before =
        converted(
            List.of(floats(2, 3, 8, 6)),
            (b, in) -> {
              Arg y = convolution(b, in.get(0), weight(b, "w", 5, 3, 3, 3), 1, 1);
              y = b.call("aten::max_pool2d", y, Arg.ints(2, 2));
              return List.of(convolution(b, y, weight(b, "v", 4, 5, 1, 1), 0, 1));
            });
    Program after = run(before, new AssignLayouts());
    for (Buffer buffer : after.buffers().values()) {
      List<Dim> s = buffer.shape();
      if (buffer.role() == Buffer.Role.TEMP) {
        assertThat(buffer.strides().get(1)).as(buffer.name()).isEqualTo(Dim.ONE);
        assertThat(buffer.strides().get(3)).as(buffer.name()).isEqualTo(s.get(1));
        assertThat(buffer.strides().get(2)).isEqualTo(s.get(1).times(s.get(3)));
      } else {
        assertThat(buffer).isEqualTo(before.buffer(buffer.name()));
      }
    }
    assertThat(channelStride(after, 0)).isEqualTo(8 * 6); // reads its caller's layout
    assertThat(channelStride(after, 1)).isEqualTo(1);
  }

  /** As in ConvNeXt, which works on (n, h, w, c) between its convolutions. */
  @Test
  void channelsAreThoseThatTheConvolutionReads() {
    Program before =
        converted(
            List.of(floats(2, 8, 6, 3), floats(2, 8, 6, 3)),
            (b, in) -> {
              Arg image = b.call("aten::exp", b.call("aten::exp", in.get(0)));
              Arg scaled = b.call("aten::maximum", image, in.get(1));
              Arg x = b.call("aten::permute", scaled, Arg.ints(0, 3, 1, 2));
              return List.of(convolution(b, x, weight(b, "w", 3, 1, 3, 3), 1, 3));
            });
    Program after = run(before, new FoldViews(), new RemoveDeadCode(), new AssignLayouts());
    assertThat(channelStride(after, 0)).isEqualTo(1);
    for (Buffer buffer : after.buffers().values()) {
      if (buffer.role() == Buffer.Role.TEMP && buffer.shape().getLast().is(3)) {
        assertThat(buffer.strides()).as(buffer.name()).isEqualTo(Dim.ofAll(144, 18, 3, 1));
      }
    }
  }

  @Test
  void withoutConvolutionsNothingMoves() {
    Program before =
        converted(
            List.of(floats(2, 3, 8, 6)),
            (b, in) ->
                List.of(
                    b.call("aten::exp", b.call("aten::max_pool2d", in.get(0), Arg.ints(2, 2)))));
    assertThat(run(before, new AssignLayouts())).isEqualTo(before);
  }
}
