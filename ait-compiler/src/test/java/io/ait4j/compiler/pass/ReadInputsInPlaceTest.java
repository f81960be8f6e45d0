package io.ait4j.compiler.pass;

import static io.ait4j.compiler.pass.Programs.converted;
import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A convolution of an image of halves, which the converter widens first. */
class ReadInputsInPlaceTest {
  private static Program halves(TensorMeta image) {
    Program program =
        converted(
            List.of(image, TensorMeta.contiguous(DType.FLOAT16, 16, 8, 3, 3)),
            (b, x) -> List.of(Programs.convolution(b, x.get(0), x.get(1), 1, 1)));
    return new StoreHalves(DType.FLOAT16, true).run(new AssignLayouts().run(program));
  }

  private static Kernel convolution(Program program) {
    return program.kernels().stream()
        .filter(TemplateKernel.class::isInstance)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void anImageThatLiesAsTheKernelWantsIsReadWhereItIs() {
    TensorMeta channelsLast =
        new TensorMeta(DType.FLOAT16, Dim.ofAll(2, 8, 5, 6), Dim.ofAll(240, 1, 48, 8));
    Program before = halves(channelsLast);
    String image = before.inputs().getFirst();
    assertThat(convolution(before).reads()).doesNotContain(image);
    Program after = new ReadInputsInPlace().run(before);
    assertThat(convolution(after).reads()).contains(image);
    assertThat(new RemoveDeadCode().run(after).kernels())
        .filteredOn(LoopKernel.class::isInstance)
        .noneMatch(kernel -> kernel.reads().contains(image));
  }

  @Test
  void anImageThatWasRoundedIsCopied() {
    TensorMeta channelsLast =
        new TensorMeta(DType.FLOAT16, Dim.ofAll(2, 8, 5, 6), Dim.ofAll(240, 1, 48, 8));
    Program widened = halves(channelsLast);
    Program before =
        widened.withKernels(widened.kernels().stream().map(k -> rounded(widened, k)).toList());
    Program after = new ReadInputsInPlace().run(before);
    assertThat(convolution(after).reads()).isEqualTo(convolution(before).reads());
  }

  /** The copy of the image by way of integers. */
  private static Kernel rounded(Program program, Kernel kernel) {
    String image = program.inputs().getFirst();
    if (!(kernel instanceof LoopKernel loop) || !loop.reads().contains(image)) {
      return kernel;
    }
    Expr load = loop.stage().body().loads().getFirst();
    Expr body = new Expr.Cast(DType.FLOAT16, new Expr.Cast(DType.INT32, load));
    return loop.withStage(loop.stage().withBody(body));
  }

  @Test
  void anImageThatLiesOtherwiseIsCopied() {
    Program before = halves(TensorMeta.contiguous(DType.FLOAT16, 2, 8, 5, 6));
    Program after = new ReadInputsInPlace().run(before);
    assertThat(convolution(after).reads()).isEqualTo(convolution(before).reads());
  }
}
