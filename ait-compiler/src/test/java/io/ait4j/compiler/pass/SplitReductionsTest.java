package io.ait4j.compiler.pass;

import static io.ait4j.compiler.pass.Programs.converted;
import static io.ait4j.compiler.pass.Programs.floats;
import static io.ait4j.compiler.pass.Programs.loops;
import static io.ait4j.compiler.pass.Programs.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.fx.Arg;
import java.util.List;
import org.junit.jupiter.api.Test;

class SplitReductionsTest {
  private static Program sum(long rows, long columns, long... dims) {
    return converted(
        List.of(floats(rows, columns)),
        (b, in) ->
            List.of(
                b.call(
                    "aten::sum.dim_IntList",
                    in.get(0),
                    Arg.ints(dims),
                    new Arg.Bool(false),
                    Arg.NONE)));
  }

  private static boolean isGuarded(LoopKernel kernel) {
    boolean[] found = {false};
    kernel.stage().body().forEach(e -> found[0] |= e instanceof Expr.Select s && s.guard());
    return found[0];
  }

  @Test
  void aLongSumToFewIsSummedInParts() {
    for (Program program : List.of(sum(1000, 4096, 0, 1), sum(2, 1 << 20, 1), sum(1 << 16, 8, 0))) {
      List<LoopKernel> split = loops(run(program, new SplitReductions()));
      assertThat(split).hasSize(loops(program).size() + 1);
      assertThat(split.getFirst().writes()).isEqualTo(split.get(1).reads());
    }
  }

  @Test
  void noPartReachesBeyondTheEnd() {
    LoopKernel even = loops(run(sum(1, 1 << 20, 1), new SplitReductions())).getFirst();
    LoopKernel uneven = loops(run(sum(1, (1 << 20) + 3, 1), new SplitReductions())).getFirst();
    assertThat(isGuarded(even)).isFalse();
    assertThat(isGuarded(uneven)).isTrue();
  }

  @Test
  void whatManyProcessorsShareAnywayStays() {
    for (Program program : List.of(sum(4096, 4096, 1), sum(4096, 65_536, 0), sum(3, 50, 1))) {
      assertThat(run(program, new SplitReductions())).isEqualTo(program);
    }
  }
}
