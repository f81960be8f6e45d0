package io.ait4j.compiler.pass;

import static io.ait4j.compiler.pass.Programs.converted;
import static io.ait4j.compiler.pass.Programs.convolution;
import static io.ait4j.compiler.pass.Programs.floats;
import static io.ait4j.compiler.pass.Programs.templates;
import static io.ait4j.compiler.pass.Programs.weight;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.ait4j.compiler.Precision;
import io.ait4j.compiler.build.CpuTarget;
import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Template;
import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is kept in half precision on CPUs, and what is not. */
class StoreHalvesTest {
  private static Program compiled(Program program, Precision precision) {
    return Pipeline.run(program, CpuTarget.NATIVE, precision, Set.of(), (pass, state) -> {})
        .program();
  }

  /** Types of what kernels of runs leave in buffers of a role. */
  private static Set<DType> types(Program program, Buffer.Role role) {
    return program.kernels().stream()
        .flatMap(kernel -> kernel.buffers().stream())
        .map(program::buffer)
        .filter(buffer -> buffer.role() == role)
        .map(Buffer::dtype)
        .collect(Collectors.toSet());
  }

  private static Program products() {
    return converted(
        List.of(floats(4, 256)),
        (b, in) -> {
          Arg x = b.call("aten::linear", in.get(0), weight(b, "w", 512, 256), Arg.NONE);
          Arg y = b.call("aten::gelu", x, new Arg.Str("none"));
          return List.of(b.call("aten::linear", y, weight(b, "v", 256, 512), Arg.NONE));
        });
  }

  @Test
  void productsPassHalvesOnAndReadTheirWeightsAsHalves() {
    Program halves = compiled(products(), Precision.FP16);
    assertThat(types(halves, Buffer.Role.TEMP)).containsExactly(DType.FLOAT16);
    assertThat(types(halves, Buffer.Role.FOLDED)).containsExactly(DType.FLOAT16);
    assertThat(types(halves, Buffer.Role.OUTPUT)).containsExactly(DType.FLOAT32);
    Program floats = compiled(products(), Precision.FP32);
    assertThat(types(floats, Buffer.Role.TEMP)).containsExactly(DType.FLOAT32);
    assertThat(types(floats, Buffer.Role.FOLDED)).containsExactly(DType.FLOAT32);
  }

  @Test
  void statisticsOfAFewNumbersStayFloats() {
    Program program =
        compiled(
            converted(
                List.of(floats(4, 32)),
                (b, in) -> {
                  Arg x = b.call("aten::linear", in.get(0), weight(b, "w", 32, 32), Arg.NONE);
                  Arg squares =
                      b.call(
                          "aten::mean.dim",
                          b.call("aten::mul.Tensor", x, x),
                          Arg.ints(-1),
                          new Arg.Bool(true));
                  Arg y = b.call("aten::linear", x, weight(b, "v", 32, 32), Arg.NONE);
                  return List.of(b.call("aten::mul.Tensor", y, squares));
                }),
            Precision.FP16);
    assertThat(program.kernels())
        .flatExtracting(Kernel::buffers)
        .map(program::buffer)
        .filteredOn(buffer -> buffer.role() == Buffer.Role.TEMP)
        .extracting(buffer -> buffer.shape().getLast().value(), Buffer::dtype)
        .contains(tuple(1L, DType.FLOAT32), tuple(32L, DType.FLOAT16))
        .doesNotContain(tuple(1L, DType.FLOAT16));
  }

  @Test
  void weightsThatWouldLoseTheirRoundingStayFloats() {
    Program program =
        compiled(
            converted(
                List.of(floats(1, 64, 28, 28)),
                (b, in) -> {
                  Arg x = convolution(b, in.get(0), weight(b, "first", 64, 64, 1, 1), 0, 1);
                  Arg y = convolution(b, x, weight(b, "deep", 64, 1, 3, 3), 1, 64);
                  Arg z = convolution(b, y, weight(b, "plain", 64, 64, 1, 1), 0, 1);
                  return List.of(convolution(b, z, weight(b, "square", 64, 64, 3, 3), 1, 1));
                }),
            Precision.BF16);
    assertThat(templates(program))
        .hasSize(4)
        .allSatisfy(
            kernel -> {
              Template.Conv conv = (Template.Conv) kernel.template();
              boolean plain = conv.taps() == 1;
              assertThat(program.buffer(kernel.packed()).dtype())
                  .isEqualTo(plain ? DType.BFLOAT16 : DType.FLOAT32);
            });
    assertThat(types(program, Buffer.Role.TEMP)).contains(DType.BFLOAT16);
  }

  @Test
  void aCacheOfFloatsIsReadInPlaceByQueriesOfItsType() {
    Program program =
        compiled(
            converted(
                List.of(floats(1, 2, 8, 64), floats(1, 2, 32, 64), floats(1, 2, 32, 64)),
                (b, in) -> {
                  Arg q = b.call("aten::linear", in.get(0), weight(b, "q", 64, 64), Arg.NONE);
                  Arg y = b.call("aten::scaled_dot_product_attention", q, in.get(1), in.get(2));
                  return List.of(b.call("aten::linear", y, weight(b, "o", 64, 64), Arg.NONE));
                }),
            Precision.FP16);
    Kernel attention =
        templates(program).stream()
            .filter(kernel -> kernel.template() instanceof Template.Attention)
            .findFirst()
            .orElseThrow();
    assertThat(attention.reads())
        .isNotEmpty()
        .allSatisfy(name -> assertThat(program.buffer(name).dtype()).isEqualTo(DType.FLOAT32));
    assertThat(attention.writes())
        .allSatisfy(name -> assertThat(program.buffer(name).dtype()).isEqualTo(DType.FLOAT16));
  }
}
