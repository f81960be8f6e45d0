package io.ait4j.compiler.codegen.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.compiler.ir.BinaryOp;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Program;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.List;
import org.junit.jupiter.api.Test;

class CudaEpiloguePrinterTest {
  private static String print(Program program) {
    CudaParameters parameters = new CudaParameters(program, Products.kernel(program));
    return CudaEpiloguePrinter.body(program, Products.kernel(program), parameters);
  }

  private static Expr sum() {
    return new Expr.Accumulator(DType.FLOAT32);
  }

  @Test
  void biasAndResidualAreReadAsTheirRowsAllow() {
    Products p = Products.of(DType.FLOAT16, 128, 768, 64);
    p.input("bias", DType.FLOAT32, Dim.of(768));
    p.input("residual", DType.FLOAT16, Dim.of(128), Dim.of(768));
    Expr biased = Expr.binary(BinaryOp.ADD, sum(), p.load("bias", Dim.of(p.column)));
    Expr residual = Products.widened(p.load("residual", Dim.of(p.row), Dim.of(p.column)));
    String text = print(p.body(Expr.binary(BinaryOp.ADD, biased, residual)).program());
    assertThat(text)
        .contains("Width = 8;", "ait::load_columns<4, false>(", "ait::load_columns<8, false>(")
        .contains("ait::store_columns<8, false>(");
  }

  @Test
  void oddRowsAreStoredOneByOne() {
    assertThat(print(Products.of(DType.FLOAT16, 128, 50257, 64).program())).contains("Width = 1;");
    assertThat(print(Products.of(DType.FLOAT16, 128, 1002, 64).program())).contains("Width = 2;");
    assertThat(print(Products.of(DType.FLOAT32, 128, 768, 64).program())).contains("Width = 4;");
  }

  @Test
  void nothingIsStoredBeyondTheLastColumn() {
    assertThat(print(Products.of(DType.FLOAT32, 1, 10, 64).program())).contains("Width = 2;");
    assertThat(print(Products.of(DType.FLOAT16, 1, 50257, 64).program())).contains("Width = 1;");
    assertThat(print(Products.of(DType.FLOAT16, 1, 768, 64).program())).contains("Width = 8;");
    Products p = Products.of(DType.FLOAT16, 16, 10, 64); // the first of 16 columns
    List<Dim> at = List.of(Dim.of(p.row), Dim.of(p.column));
    String part = print(p.target(DType.FLOAT16, Dim.ofAll(16, 16), at).program());
    assertThat(part).contains("Width = 2;");
  }

  @Test
  void symbolicColumnsAreStoredByTheirKnownFactor() {
    Dim.Symbol heads = new Dim.Symbol("heads", 1, 64, null);
    for (long each : new long[] {64, 4, 1}) {
      Dim columns = Dim.of(heads).times(each);
      Products p = new Products(DType.FLOAT16, Dim.ONE, Dim.ONE, columns, Dim.of(64));
      assertThat(print(p.program(heads))).contains("Width = " + Math.min(each, 8) + ";");
    }
  }

  @Test
  void whatLiesApartWithinAStoreIsReadOneByOne() {
    assertThat(withHeads(DType.FLOAT16, 12)).contains("Width = 8;").doesNotContain("load_columns");
    assertThat(withHeads(DType.FLOAT16, 64)).contains("Width = 8;", "load_columns<8,");
    assertThat(withHeads(DType.FLOAT32, 64)).contains("Width = 8;", "load_columns<4,");
  }

  @Test
  void placesOfLargeResultsAreDividedIn64Bits() {
    assertThat(reshaped(1024, 50257)).contains("50257 * m + ").doesNotContain("int64_t(m)");
    assertThat(reshaped(65536, 50257)).contains("50257 * int64_t(m) + int64_t(");
    assertThat(print(Products.of(DType.FLOAT32, 65536, 50257, 64).program()))
        .doesNotContain("int64_t(m)");
  }

  /** The text where the result lies as one of rows of 100003 whose columns are stored apart. */
  private static String reshaped(long rows, long columns) {
    Products p = Products.of(DType.FLOAT32, rows, columns, 64);
    Dim place = Dim.of(p.row).times(columns).plus(Dim.of(p.column));
    List<Dim> shape = List.of(Dim.of(100_003), Dim.of(Math.ceilDiv(rows * columns, 100_003)));
    return print(
        p.target(DType.FLOAT32, shape, List.of(place.mod(100_003), place.floorDiv(100_003)))
            .program());
  }

  @Test
  void whatIsReadMayMoveBehindTheWaitOnly() {
    Products p = Products.of(DType.FLOAT32, 16, 64, 64);
    CudaParameters parameters = new CudaParameters(p.program(), Products.kernel(p.program()));
    assertThat(parameters.deviceSignature())
        .contains("const float* p0", "float* __restrict p2")
        .doesNotContain("const float* __restrict");
  }

  /** The text where something is added whose heads lie apart. */
  private static String withHeads(DType type, long width) {
    Products p = Products.of(DType.FLOAT16, 128, 4 * width, 64);
    p.input("residual", type, Dim.of(4), Dim.of(128), Dim.of(width));
    Dim column = Dim.of(p.column);
    Expr read = p.load("residual", column.floorDiv(width), Dim.of(p.row), column.mod(width));
    return print(p.body(Expr.binary(BinaryOp.ADD, sum(), Products.widened(read))).program());
  }

  @Test
  void headsThatLieApartAreStillVectors() {
    Products p = Products.of(DType.FLOAT16, 128, 768, 64);
    Dim column = Dim.of(p.column);
    List<Dim> heads = List.of(Dim.of(12), Dim.of(128), Dim.of(64));
    List<Dim> at = List.of(column.floorDiv(64), Dim.of(p.row), column.mod(64));
    assertThat(print(p.target(DType.FLOAT16, heads, at).program())).contains("Width = 8;");
    List<Dim> narrow = List.of(Dim.of(192), Dim.of(128), Dim.of(4));
    List<Dim> there = List.of(column.floorDiv(4), Dim.of(p.row), column.mod(4));
    assertThat(print(p.target(DType.FLOAT16, narrow, there).program())).contains("Width = 4;");
  }

  @Test
  void transposedResultsAreStoredOneByOne() {
    Products p = Products.of(DType.FLOAT16, 128, 768, 64);
    List<Dim> at = List.of(Dim.of(p.column), Dim.of(p.row));
    String text = print(p.target(DType.FLOAT16, List.of(Dim.of(768), Dim.of(128)), at).program());
    assertThat(text).contains("Width = 1;").doesNotContain("store_columns");
  }

  @Test
  void whatIsReadOnlyUnderAConditionStaysThere() {
    Products p = Products.of(DType.FLOAT32, 16, 64, 64);
    p.input("part", DType.FLOAT32, Dim.of(16), Dim.of(32));
    Dim column = Dim.of(p.column);
    Expr inside = Expr.within(column, Dim.ZERO, Dim.of(32));
    Expr read = p.load("part", Dim.of(p.row), column);
    String text = print(p.body(Expr.guarded(inside, read, sum())).program());
    assertThat(text).doesNotContain("load_columns").contains("if (");
  }
}
