package io.ait4j.compiler.pass;

import static io.ait4j.compiler.pass.Programs.converted;
import static io.ait4j.compiler.pass.Programs.convolution;
import static io.ait4j.compiler.pass.Programs.floats;
import static io.ait4j.compiler.pass.Programs.loops;
import static io.ait4j.compiler.pass.Programs.run;
import static io.ait4j.compiler.pass.Programs.weight;
import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.fx.Arg;
import java.util.List;
import org.junit.jupiter.api.Test;

class SplitRowsTest {
  /** A norm over groups of channels between two convolutions, before it is split. */
  private static Program normed(long groups) {
    Program program =
        converted(
            List.of(floats(1, 3, 16, 16)),
            (b, in) -> {
              Arg x = convolution(b, in.get(0), weight(b, "w", 8, 3, 3, 3), 1, 1);
              Arg y = b.call("aten::group_norm", x, new Arg.Int(groups));
              return List.of(convolution(b, y, weight(b, "v", 4, 8, 1, 1), 0, 1));
            });
    return run(
        program,
        new MarkConstants(),
        new FoldViews(),
        new RemoveDeadCode(),
        new FuseConsumers(),
        new FuseProducers(),
        new WriteInPlace(),
        new FuseRows(),
        new RemoveDeadCode(),
        new AssignLayouts());
  }

  @Test
  void rowsThatLieSideBySideAreTakenTogether() {
    Program before = normed(8);
    assertThat(loops(before)).anySatisfy(k -> assertThat(k.stages()).hasSizeGreaterThan(1));
    Program after = run(before, new SplitRows());
    assertThat(loops(after))
        .hasSizeGreaterThan(1)
        .allSatisfy(
            kernel -> {
              assertThat(kernel.stages()).hasSize(1);
              assertThat(kernel.outer()).isEmpty();
            });
    assertThat(after.buffers().values()).noneMatch(buffer -> buffer.role() == Buffer.Role.LOCAL);
    assertThat(loops(after)).extracting(LoopKernel::name).doesNotHaveDuplicates();
  }

  @Test
  void rowsAlongMemoryStay() {
    Program before = normed(1);
    assertThat(run(before, new SplitRows())).isEqualTo(before);
  }
}
