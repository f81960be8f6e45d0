package io.ait4j.compiler;

import static io.ait4j.compiler.OperatorTable.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Element by element: every operator, every dtype it takes, extremes, promotion, any layout. */
class PointwiseOperatorsTest {
  private static final List<DType> INTEGERS =
      List.of(DType.INT64, DType.INT32, DType.INT16, DType.INT8, DType.UINT8);
  private static final Number[] FLOATS = {
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    -0.5,
    1.5,
    -2.5,
    2.5,
    3.75,
    -3.25,
    1e-30,
    -1e-30,
    1e-8,
    20.5,
    -20.5,
    87.0,
    -87.0,
    89.5,
    -104.0,
    1e10,
    -1e10,
    1e30,
    -3e38,
    0.9999999,
    1.0000001,
    2.0,
    3.0,
    7.0,
    -7.0,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.NaN,
    1.5707963,
    3.1415927,
    100.5,
    6.0,
    -3.0,
    16777216.0,
    1e-40
  };

  @TempDir Path cache;
  private Oracle oracle;
  private OperatorTable t;

  @BeforeEach
  void open() {
    oracle = new Oracle(cache, System.nanoTime());
    t = new OperatorTable(oracle);
  }

  @AfterEach
  void close() {
    oracle.close();
  }

  private static Number[] integers(DType dtype) {
    long high =
        switch (dtype) {
          case INT64 -> Long.MAX_VALUE;
          case INT32 -> Integer.MAX_VALUE;
          case INT16 -> Short.MAX_VALUE;
          case INT8 -> Byte.MAX_VALUE;
          default -> 255;
        };
    long low = dtype == DType.UINT8 ? 0 : -high - 1;
    return new Number[] {0L, 1L, 2L, 3L, 7L, low, low + 1, high, high - 1, 5L, -1L, -2L, -7L, 100L};
  }

  @Test
  void unaryOperatorsOnExtremes() {
    for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
      Arg x = t.values(dtype, of(FLOATS.length), FLOATS);
      for (String exact :
          List.of(
              "neg",
              "abs",
              "sign",
              "sqrt",
              "reciprocal",
              "floor",
              "ceil",
              "round",
              "trunc",
              "relu",
              "logical_not",
              "isnan",
              "isinf")) {
        t.expect(exact + " of " + dtype, 0, t.call(exact, x));
      }
      for (String near :
          List.of(
              "exp",
              "expm1",
              "log",
              "log1p",
              "log2",
              "rsqrt",
              "tanh",
              "sigmoid",
              "erf",
              "silu",
              "hardswish",
              "hardsigmoid",
              "softplus",
              "mish",
              "leaky_relu",
              "elu",
              "hardtanh")) {
        t.expect(near + " of " + dtype, 1e-6, t.call(near, x));
      }
      Arg finite = t.values(dtype, of(30), FLOATS); // libtorch's own kernels disagree on infinities
      t.expect("gelu of " + dtype, 1e-6, t.call("gelu", finite));
      t.expect("gelu tanh of " + dtype, 1e-6, t.call("gelu", finite, "tanh"));
    }
    t.check();
  }
}
