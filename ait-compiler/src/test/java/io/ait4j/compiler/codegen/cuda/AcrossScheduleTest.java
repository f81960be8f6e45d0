package io.ait4j.compiler.codegen.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.compiler.ir.BinaryOp;
import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.ReduceOp;
import io.ait4j.compiler.ir.Sizes;
import io.ait4j.compiler.ir.Stage;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AcrossScheduleTest {
  private static final Dim ROWS = Dim.of(1024);
  private static final Dim COLUMNS = Dim.of(16_384);

  @TempDir Path folder;

  private final Dim.Symbol column = new Dim.Symbol("c", 0, COLUMNS.value() - 1, COLUMNS);

  /** Of bytes, as 64 bits, over all rows. */
  private Expr down(ReduceOp op) {
    Dim.Symbol row = new Dim.Symbol("r" + op, 0, ROWS.value() - 1, ROWS);
    List<Dim> at = List.of(Dim.of(row), Dim.of(column));
    Expr read = Expr.cast(DType.INT64, new Expr.Load("x", DType.INT8, at));
    return new Expr.Reduce(op, List.of(row), read);
  }

  private CudaKernelText stored(Expr value) {
    Stage stage =
        new Stage(List.of(column), "y", List.of(Dim.of(column)), Expr.cast(DType.INT8, value));
    LoopKernel kernel = new LoopKernel("sums", List.of(), List.of(stage), List.of());
    List<Dim> sizes = List.of(ROWS, COLUMNS);
    Buffer x = new Buffer("x", DType.INT8, sizes, Sizes.rowMajor(sizes), Buffer.Role.INPUT, null);
    Buffer y =
        new Buffer("y", DType.INT8, List.of(COLUMNS), List.of(Dim.ONE), Buffer.Role.OUTPUT, null);
    return CudaLoopPrinter.print(
        new Program(Map.of("x", x, "y", y), List.of(kernel), List.of("x"), List.of("y"), List.of()),
        kernel);
  }

  @Test
  void slicesOfAllKindsOfSumsFitIntoABlock() throws Exception {
    CudaKernelText one = stored(down(ReduceOp.SUM));
    assertThat(one.device()).contains("combine_slices<ait::Sum, 32, 32>", "int64_t acc0[8]");
    CudaKernelText two = stored(Expr.binary(BinaryOp.ADD, down(ReduceOp.SUM), down(ReduceOp.PROD)));
    assertThat(two.device()).contains("combine_slices<ait::Prod, 32, 32>", "int64_t acc0[4]");
    Nvcc.compiles(folder, List.of(one, two), "sm_80");
  }
}
