package io.ait4j.compiler.pass;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Template;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import java.util.List;
import org.junit.jupiter.api.Test;

class RearrangeStemsTest {
  private static Program rearranged(long channels, long size, long kernel, long stride, long pad) {
    Program converted =
        Programs.converted(
            List.of(Programs.floats(2, channels, size, size)),
            (b, x) ->
                List.of(
                    b.call(
                        "aten::convolution",
                        x.getFirst(),
                        Programs.weight(b, "w", 16, channels, kernel, kernel),
                        Arg.NONE,
                        Arg.ints(stride, stride),
                        Arg.ints(pad, pad),
                        Arg.ints(1, 1),
                        new Arg.Bool(false),
                        Arg.ints(0, 0),
                        new Arg.Int(1))));
    return Programs.run(converted, new MarkConstants(), new AssignLayouts(), new RearrangeStems());
  }

  private static TemplateKernel kernel(Program program) {
    return Programs.templates(program).getFirst();
  }

  private static Template.Conv conv(Program program) {
    return (Template.Conv) kernel(program).template();
  }

  @Test
  void anImageGetsItsEdgesAndFourChannels() {
    Program program = rearranged(3, 32, 7, 2, 3);
    Template.Conv conv = conv(program);
    assertThat(conv.c()).isEqualTo(Dim.of(4));
    assertThat(conv.window())
        .endsWith(
            new Template.Window(Dim.of(37), Dim.of(16), 7, 2, 0, 1),
            new Template.Window(Dim.of(38), Dim.of(16), 7, 2, 0, 1)); // lines step by 16 bytes
    assertThat(conv.result()).isEqualTo(Dim.ofAll(2, 1, 16, 16, 16));
    String image = Programs.loaded(kernel(program).operands().getFirst().value()).getFirst();
    assertThat(program.buffer(image).strides())
        .isEqualTo(Dim.ofAll(37 * 38 * 4, 1, 37 * 38 * 4, 38 * 4, 4));
    assertThat(Programs.loops(program)).anyMatch(loop -> loop.writes().contains(image));
  }

  @Test
  void neighbouringWindowsThatBeginAtOddPixelsTakeEightChannels() {
    assertThat(conv(rearranged(3, 32, 3, 1, 1)).c()).isEqualTo(Dim.of(8));
    assertThat(conv(rearranged(5, 32, 3, 2, 1)).c()).isEqualTo(Dim.of(8));
  }

  @Test
  void windowsThatDoNotOverlapBecomeChannels() {
    Template.Conv conv = conv(rearranged(3, 32, 16, 16, 0));
    assertThat(conv.c()).isEqualTo(Dim.of(768));
    assertThat(conv.taps()).isEqualTo(1);
    assertThat(conv.image()).isEqualTo(Dim.ofAll(2, 768, 1, 2, 2));
  }

  @Test
  void manyChannelsStayWhereTheyAre() {
    assertThat(conv(rearranged(8, 32, 3, 2, 1)).window().getLast().pad()).isEqualTo(1);
    assertThat(conv(rearranged(64, 32, 2, 2, 0)).taps()).isEqualTo(4);
  }
}
