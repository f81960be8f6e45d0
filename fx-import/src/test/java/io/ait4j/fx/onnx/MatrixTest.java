package io.ait4j.fx.onnx;

import static io.ait4j.fx.onnx.TestModel.attr;

import io.ait4j.fx.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Products of matrices, held against ONNX Runtime. */
class MatrixTest {
  private static final DType F = DType.FLOAT32;

  @ParameterizedTest
  @CsvSource({"2 3 4;4 5", "3 4;4 5", "2 1 3 4;5 4 2", "4;4 3", "3 4;4", "4;4", "1 3 4;1 4 2"})
  void products(String shapes) {
    String[] both = shapes.split(";");
    Peer.check(
        TestModel.of(18)
            .in("a", F, sizes(both[0]))
            .in("b", F, sizes(both[1]))
            .node("MatMul", "a b", "y")
            .out("y", F),
        5e-6);
  }

  private static long[] sizes(String text) {
    return java.util.Arrays.stream(text.split(" ")).mapToLong(Long::parseLong).toArray();
  }

  @ParameterizedTest
  @CsvSource({
    "0,0,1,1,5",
    "0,1,1,1,5",
    "1,0,1,1,5",
    "1,1,0.5,2,5",
    "0,1,1,0.5,3 5",
    "0,1,1,1,3 1",
    "0,0,2,1,1",
    "0,1,1,1,''",
    "0,0,0.25,1,''",
    "0,1,1,1,1"
  })
  void affine(int transA, int transB, double alpha, double beta, String bias) {
    TestModel test = TestModel.of(18);
    test.in("a", F, transA == 1 ? new long[] {4, 3} : new long[] {3, 4});
    test.in("b", F, transB == 1 ? new long[] {5, 4} : new long[] {4, 5});
    if (!bias.isEmpty()) {
      test.init("c", F, sizes(bias));
    }
    test.node(
        "Gemm",
        bias.isEmpty() ? "a b" : "a b c",
        "y",
        attr("transA", transA),
        attr("transB", transB),
        attr("alpha", alpha),
        attr("beta", beta));
    Peer.check(test.out("y", F), 5e-6);
  }

  @Test
  void sums() {
    TestModel test = TestModel.of(18).in("a", F, 2, 3, 4).in("b", F, 2, 5, 4);
    test.node("Einsum", "a b", "y", attr("equation", "bid, bjd -> bij")).out("y", F);
    test.node("Einsum", "a", "z", attr("equation", "...ij->...ji")).out("z", F);
    Peer.check(test, 5e-6);
  }
}
