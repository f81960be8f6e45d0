package io.ait4j.compiler.pass;

import static io.ait4j.compiler.pass.Programs.converted;
import static io.ait4j.compiler.pass.Programs.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Program;
import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.TensorMeta;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpillRowsTest {
  /** A softmax of a softmax and so on: each has a private row. */
  private static Program rows(DType dtype, int times, long columns) {
    Program program =
        converted(
            List.of(TensorMeta.contiguous(dtype, 8, columns)),
            (b, in) -> {
              Arg x = in.getFirst();
              for (int i = 0; i < times; i++) {
                x = b.call("aten::_softmax", x, new Arg.Int(-1), new Arg.Bool(false));
              }
              return List.of(x);
            });
    return run(program, new FuseProducers(), new WriteInPlace(), new FuseRows());
  }

  private static long privateBytes(Program program) {
    return program.buffers().values().stream()
        .filter(b -> b.role() == Buffer.Role.LOCAL)
        .mapToLong(b -> b.largestReach() * b.dtype().bytes())
        .sum();
  }

  @Test
  void rowsThatFitStayPrivate() {
    Program program = rows(DType.FLOAT32, 2, 4096);
    assertThat(privateBytes(program)).isPositive();
    assertThat(run(program, new SpillRows())).isEqualTo(program);
  }

  @Test
  void whatHasNoRoomGoesToTheArena() {
    Program program = rows(DType.FLOAT64, 4, 4096);
    assertThat(privateBytes(program)).isGreaterThan(96 << 10);
    assertThat(privateBytes(run(program, new SpillRows()))).isBetween(1L, 96L << 10);
  }
}
