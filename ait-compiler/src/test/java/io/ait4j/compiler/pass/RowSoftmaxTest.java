package io.ait4j.compiler.pass;

import static io.ait4j.compiler.pass.Programs.converted;
import static io.ait4j.compiler.pass.Programs.floats;
import static io.ait4j.compiler.pass.Programs.loops;
import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.compiler.ir.Program;
import io.ait4j.fx.Arg;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is a softmax of each row, and what only looks like one. */
class RowSoftmaxTest {
  /** Whether exponentials over the sum of the row's first {@code summed} of 8 are taken for one. */
  private static boolean recognised(long summed) {
    Program program =
        converted(
            List.of(floats(4, 8)),
            (b, in) -> {
              Arg x = in.get(0);
              Arg top = b.call("aten::amax", x, Arg.ints(1), new Arg.Bool(true));
              Arg e = b.call("aten::exp", b.call("aten::sub.Tensor", x, top));
              Arg part =
                  summed == 8
                      ? e
                      : b.call(
                          "aten::slice.Tensor",
                          e,
                          new Arg.Int(1),
                          new Arg.Int(0),
                          new Arg.Int(summed),
                          new Arg.Int(1));
              Arg sum = b.call("aten::sum.dim_IntList", part, Arg.ints(1), new Arg.Bool(true));
              return List.of(b.call("aten::div.Tensor", e, sum));
            });
    Program fused =
        Programs.run(
            program,
            new FoldViews(),
            new RemoveDeadCode(),
            new FuseConsumers(),
            new FuseProducers(),
            new FuseRows());
    assertThat(loops(fused)).hasSize(1);
    assertThat(loops(fused).getFirst().stages()).hasSize(4);
    return RowSoftmax.of(loops(fused).getFirst()).isPresent();
  }

  @Test
  void aSumOverPartOfTheRowIsNone() {
    assertThat(recognised(8)).isTrue();
    assertThat(recognised(5)).isFalse();
  }
}
