package io.ait4j.compiler.codegen.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.compiler.build.CudaTarget;
import io.ait4j.compiler.ir.BinaryOp;
import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.UnaryOp;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CudaGemmPrinterTest {
  private static final CudaTarget HOPPER = new CudaTarget(List.of("sm_90a"));
  private static final CudaTarget BOTH = new CudaTarget(List.of("sm_80", "sm_90a"));

  @TempDir Path folder;

  private static CudaKernelText print(Program program, CudaTarget target) {
    return CudaGemmPrinter.print(program, Products.kernel(program), target);
  }

  /** The program with its operands in memory that we lay out. */
  private static Program inside(Program program) {
    Map<String, Buffer> buffers = new LinkedHashMap<>();
    program
        .buffers()
        .forEach(
            (name, b) ->
                buffers.put(
                    name, b.withRole(name.equals("b") ? Buffer.Role.WEIGHT : Buffer.Role.TEMP)));
    return new Program(buffers, program.kernels(), List.of(), List.of(), program.symbols());
  }

  @Test
  void alignedHalvesNeedNoOtherKernelOnHopper() {
    Program program = inside(Products.of(DType.FLOAT16, 128, 768, 768).program());
    CudaKernelText text = print(program, HOPPER);
    assertThat(text.device()).contains("gemm_wgmma<ait::float16", ", true, true>(operands");
    assertThat(text.device()).doesNotContain("gemm_mma");
    assertThat(print(program, BOTH).device()).contains("gemm_wgmma", "gemm_mma");
  }

  @Test
  void whatACallerBringsMayBeUnaligned() {
    CudaKernelText text = print(Products.of(DType.FLOAT16, 128, 768, 768).program(), HOPPER);
    assertThat(text.device()).contains("gemm_wgmma", "gemm_mma");
    assertThat(text.host()).contains("gemm_copies(a, problem.m", "gemm_copies(b, problem.n");
  }

  @Test
  void oddRowsAreNeverCopied() {
    CudaKernelText text = print(Products.of(DType.FLOAT16, 128, 768, 333).program(), HOPPER);
    assertThat(text.device()).contains("gemm_mma").doesNotContain("gemm_wgmma");
  }

  @Test
  void productsInTheOppositeOrderAreNotCopiedUnseen() {
    Products forwards = new Products(DType.FLOAT16, Dim.of(4), Dim.of(64), Dim.of(64), Dim.of(64));
    assertThat(print(inside(forwards.program()), HOPPER).device()).doesNotContain("gemm_mma");
    Products backwards = new Products(DType.FLOAT16, Dim.of(4), Dim.of(64), Dim.of(64), Dim.of(64));
    backwards.left(List.of(Dim.of(-4096), Dim.of(64), Dim.ONE), Dim.of(3 * 4096));
    assertThat(print(inside(backwards.program()), HOPPER).device()).contains("gemm_mma");
  }

  @Test
  void floatsKeepTheirPrecision() {
    CudaKernelText text = print(Products.of(DType.FLOAT32, 128, 768, 768).program(), HOPPER);
    assertThat(text.device()).contains("gemm_simt").doesNotContain("gemm_wgmma");
  }

  @Test
  void floatsThatMayBeRoundedTakeTheTensorCores() {
    Program program = Rounded.of(inside(Products.of(DType.FLOAT32, 128, 768, 768).program()));
    assertThat(print(program, HOPPER).device())
        .contains("gemm_wgmma<float, ", ", 4> @_Tile0;")
        .doesNotContain("gemm_simt", "gemm_mma");
    assertThat(print(program, new CudaTarget(List.of("sm_80"))).device())
        .contains("gemm_mma<")
        .doesNotContain("gemm_simt");
  }

  @Test
  void floatsThatTheCopyEngineCannotTransposeAreReadByWarps() {
    Program across =
        Products.of(DType.FLOAT32, 128, 768, 768)
            .right(List.of(Dim.ZERO, Dim.of(768), Dim.ONE), Dim.ZERO)
            .program();
    assertThat(print(Rounded.of(inside(across)), HOPPER).device())
        .contains("gemm_mma<")
        .doesNotContain("gemm_wgmma", "gemm_simt");
    Program odd = Products.of(DType.FLOAT32, 128, 768, 333).program(); // rows of no 16 bytes
    assertThat(print(Rounded.of(inside(odd)), HOPPER).device())
        .contains("gemm_mma<")
        .doesNotContain("gemm_wgmma", "gemm_simt");
    Program even = Products.of(DType.FLOAT32, 128, 768, 332).program();
    assertThat(print(Rounded.of(inside(even)), HOPPER).device()).contains("gemm_wgmma<float");
  }

  @Test
  void rowsThatVaryHaveKernelsForFewAndMany() {
    Dim.Symbol rows = new Dim.Symbol("rows", 1, 8192, null);
    Program program =
        new Products(DType.FLOAT16, Dim.ONE, Dim.of(rows), Dim.of(3072), Dim.of(768)).program(rows);
    CudaKernelText text = print(inside(program), HOPPER);
    assertThat(text.device()).contains("@_v0(", "@_v1(");
    assertThat(text.host()).contains("if (problem.m <= 128)");
    assertThat(text.numbers()).contains(Dim.of(rows));
  }

  @Test
  void differentSizesShareTheirText() {
    String one = print(Products.of(DType.FLOAT16, 128, 768, 768).program(), HOPPER).device();
    String other = print(Products.of(DType.FLOAT16, 120, 768, 760).program(), HOPPER).device();
    assertThat(one).isEqualTo(other);
  }

  @Test
  void everyTileCompiles() throws Exception {
    Products halves = Products.of(DType.BFLOAT16, 128, 768, 768);
    halves.input("bias", DType.FLOAT32, Dim.of(768));
    Expr sum = new Expr.Accumulator(DType.FLOAT32);
    Expr biased = Expr.binary(BinaryOp.ADD, sum, halves.load("bias", Dim.of(halves.column)));
    Program copied = halves.body(Expr.unary(UnaryOp.GELU_ERF, biased)).program();
    Program floats = Products.of(DType.FLOAT32, 4, 767, 50).program();
    Program across =
        Products.of(DType.FLOAT32, 300, 64, 50)
            .right(List.of(Dim.ZERO, Dim.of(64), Dim.ONE), Dim.ZERO)
            .program();
    Nvcc.compiles(
        folder,
        List.of(
            all(copied),
            all(floats),
            all(Rounded.of(Products.of(DType.FLOAT32, 128, 768, 768).program())),
            print(across, BOTH),
            print(Rounded.of(across), BOTH),
            print(copied, BOTH)),
        "sm_80",
        "sm_90a");
  }

  private static CudaKernelText all(Program program) {
    GemmCandidates tiles = GemmCandidates.of(program, Products.kernel(program));
    return CudaGemmPrinter.print(
        program,
        Products.kernel(program),
        BOTH,
        new GemmChoice(
            tiles.copied().stream()
                .filter(t -> t.rows() * t.columns() % 4096 == 0)
                .limit(4)
                .map(t -> new GemmChoice.Case(t.rows(), t))
                .toList(),
            tiles.general().stream().map(t -> new GemmChoice.Case(t.rows(), t)).toList()));
  }
}
