package io.ait4j.compiler.pass;

import static io.ait4j.compiler.pass.Programs.converted;
import static io.ait4j.compiler.pass.Programs.convolution;
import static io.ait4j.compiler.pass.Programs.floats;
import static io.ait4j.compiler.pass.Programs.templates;
import static io.ait4j.compiler.pass.Programs.weight;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.compiler.CompilerSettings;
import io.ait4j.compiler.Precision;
import io.ait4j.compiler.build.CudaTarget;
import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Operand;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.compiler.ir.UnaryOp;
import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.ModelException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What tensor cores may round to TF32, and when. */
class RoundOperandsTest {
  private static Program compiled(Precision precision) {
    Program program =
        converted(
            List.of(floats(2, 8, 14, 14)),
            (b, in) -> {
              Arg x = convolution(b, in.get(0), weight(b, "w", 16, 8, 3, 3), 1, 1);
              return List.of(b.call("aten::linear", x, weight(b, "v", 24, 14), Arg.NONE));
            });
    CudaTarget target = new CudaTarget(List.of("sm_80"));
    return Pipeline.run(program, target, precision, Set.of(), (pass, state) -> {}).program();
  }

  private static boolean isRounded(Operand operand) {
    return operand.value() instanceof Expr.Unary u && u.op() == UnaryOp.ROUND_TF32;
  }

  @Test
  void productsAndConvolutionsReadRoundedFloats() {
    Program program = compiled(Precision.TF32);
    assertThat(templates(program))
        .hasSize(2)
        .flatExtracting(TemplateKernel::operands)
        .hasSize(4)
        .allMatch(RoundOperandsTest::isRounded);
    assertThat(program.buffers().values())
        .extracting(Buffer::dtype)
        .containsOnly(DType.FLOAT32); // all is kept as it is
  }

  @Test
  void nothingIsRoundedUnlessToldSo() {
    assertThat(templates(compiled(Precision.FP32)))
        .hasSize(2)
        .flatExtracting(TemplateKernel::operands)
        .noneMatch(RoundOperandsTest::isRounded);
  }

  @Test
  void processorsHaveNoSuchNumbers() {
    CompilerSettings settings = CompilerSettings.defaults();
    assertThatThrownBy(() -> settings.withPrecision(Precision.TF32))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("tf32")
        .hasMessageContaining("--target cuda")
        .extracting(e -> ((ModelException) e).kind())
        .isEqualTo(ModelException.Kind.USAGE);
  }
}
