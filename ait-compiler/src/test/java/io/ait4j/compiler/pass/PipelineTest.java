package io.ait4j.compiler.pass;

import static io.ait4j.compiler.pass.Programs.converted;
import static io.ait4j.compiler.pass.Programs.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.compiler.ir.Program;
import io.ait4j.fx.Arg;
import java.util.List;
import org.junit.jupiter.api.Test;

class PipelineTest {
  private static final Program PROGRAM =
      converted(
          List.of(floats(3, 4)),
          (b, x) -> {
            var exp = b.call("aten::exp", x.get(0));
            return List.of(b.call("aten::cumsum", exp, new Arg.Int(1)));
          });

  @Test
  void aPassThatLeavesAnIllegalOrderIsNamed() {
    Pipeline.Step defect =
        new Pipeline.Step("turn around", p -> p.withKernels(p.kernels().reversed()));
    assertThatThrownBy(() -> defect.run(PROGRAM))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("after 'turn around'")
        .hasMessageContaining("before it is written");
  }

  @Test
  void aPassThatLeavesALegalProgramIsTaken() {
    Pipeline.Step step = new Pipeline.Step("nothing", p -> p);
    assertThat(step.run(PROGRAM)).isSameAs(PROGRAM);
  }
}
