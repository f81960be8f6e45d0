package io.ait4j.compiler;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What weights alone decide, computed when the library is built. */
class ConstantSubgraphsTest {
  @TempDir Path cache;
  private Oracle oracle;
  private OperatorTable t;

  @BeforeEach
  void open() {
    oracle = new Oracle(cache, 7);
    t = new OperatorTable(oracle);
  }

  @AfterEach
  void close() {
    oracle.close();
  }

  @Test
  void packedWeightsThatOnlyFoldingReadsHaveRoomInItsArena() {
    Arg x = t.input(DType.FLOAT32, 4, 40);
    Arg product = t.call("linear", t.weight(4, 30), t.weight(40, 30), t.weight(40));
    t.expect("product", 1e-5, t.call("add.Tensor", x, product, 1));
    Arg image =
        t.call(
            "convolution",
            t.weight(1, 6, 5, 4),
            t.weight(20, 6, 3, 3),
            t.weight(20),
            OperatorTable.of(1, 1),
            OperatorTable.of(1, 1),
            OperatorTable.of(1, 1),
            false,
            OperatorTable.of(0, 0),
            1);
    t.expect("image", 1e-5, image);
    t.check();
  }

  /** The packing reads through what is computed, which no other kernel needs then. */
  @Test
  void weightsThatAreComputedArePacked() {
    Arg x = t.input(DType.FLOAT32, 4, 30);
    Arg twice = t.call("mul.Tensor", t.weight(40, 30), 2);
    t.expect("product", 1e-5, t.call("linear", x, twice, t.weight(40)));
    t.check();
  }
}
