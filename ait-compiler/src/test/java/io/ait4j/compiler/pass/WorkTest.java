package io.ait4j.compiler.pass;

import static io.ait4j.compiler.pass.Programs.converted;
import static io.ait4j.compiler.pass.Programs.floats;
import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.compiler.ir.Program;
import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkTest {
  /** Of the first kernel; what writes the output may be another. */
  private static Work of(Program program) {
    return Work.of(program, program.kernels().getFirst());
  }

  private static Work work(long flops, long bytes, long constantBytes) {
    return new Work(Dim.of(flops), Dim.of(bytes), Dim.of(constantBytes));
  }

  @Test
  void aProductReadsItsOperandsOnce() {
    Program program =
        converted(
            List.of(floats(3, 4), floats(4, 5)),
            (b, x) -> List.of(b.call("aten::mm", x.get(0), x.get(1))));
    assertThat(of(program)).isEqualTo(work(2 * 3 * 4 * 5, 4 * (12 + 20 + 15), 0));
  }

  @Test
  void whatIsBroadcastIsReadOnce() {
    Program program =
        converted(
            List.of(floats(3, 4), floats(4)),
            (b, x) -> List.of(b.call("aten::maximum", x.get(0), x.get(1))));
    assertThat(of(program)).isEqualTo(work(2 * 12, 4 * (12 + 4 + 12), 0));
  }

  @Test
  void aReductionCombinesEveryPoint() {
    Program program =
        converted(
            List.of(floats(3, 4)),
            (b, x) -> List.of(b.call("aten::amax", x.get(0), Arg.ints(1), new Arg.Bool(false))));
    assertThat(of(program)).isEqualTo(work(2 * 12, 4 * (12 + 3), 0));
  }

  @Test
  void aGatherReadsTheRowsItTakesAndWeightsCountApart() {
    Program program =
        converted(
            List.of(TensorMeta.contiguous(DType.INT64, 6)),
            (b, x) ->
                List.of(b.call("aten::embedding", Programs.weight(b, "w", 1000, 8), x.get(0))));
    program = Programs.run(program, new MarkConstants());
    assertThat(of(program)).isEqualTo(work(0, 6 * 8 + 4 * 48, 4 * 48));
  }
}
