package io.ait4j.lower.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DrawnInputsTest {
  private static final Dim BATCH = Dim.symbol("batch", 1, 16);

  private final Arena arena = Arena.ofAuto();

  private NativeTensor ids(int... values) {
    return NativeTensor.contiguous(
        DType.INT32,
        new long[] {values.length / 2, 2},
        arena.allocateFrom(ValueLayout.JAVA_INT, values));
  }

  private static FxValue input(Dim first) {
    return new FxValue("ids", TensorMeta.contiguous(DType.INT32, List.of(first, Dim.of(2))));
  }

  @Test
  void elementsAreRecordedOnesAndTheFirstRowsAreKept() {
    DrawnInputs inputs = new DrawnInputs(List.of(input(BATCH)), List.of(ids(3, 5, 8, 13)));
    NativeTensor drawn = inputs.draw(Map.of("batch", 7L), 2, 1, arena).getFirst();
    assertThat(drawn.sizes()).containsExactly(7, 2);
    int[] values = drawn.data().toArray(ValueLayout.JAVA_INT);
    assertThat(values).hasSize(14).startsWith(3, 5, 8, 13).containsOnly(3, 5, 8, 13);
    int[] same =
        inputs
            .draw(Map.of("batch", 7L), 2, 1, arena)
            .getFirst()
            .data()
            .toArray(ValueLayout.JAVA_INT);
    int[] others =
        inputs
            .draw(Map.of("batch", 7L), 2, 2, arena)
            .getFirst()
            .data()
            .toArray(ValueLayout.JAVA_INT);
    assertThat(values).isEqualTo(same).isNotEqualTo(others);
  }

  @Test
  void rowsAreSharedWhereOnlyTheirCountDiffers() {
    Rows rows = new Rows(BATCH.symbols().iterator().next());
    assertThat(rows.shared(Map.of("batch", 2L), Map.of("batch", 7L))).isEqualTo(2);
    assertThat(rows.shared(Map.of("batch", 2L), Map.of("batch", 2L))).isZero();
    assertThat(rows.shared(Map.of("batch", 2L, "n", 4L), Map.of("batch", 7L, "n", 5L))).isZero();
    assertThat(rows.shared(Map.of("batch", 2L, "n", 4L), Map.of("batch", 7L, "n", 4L)))
        .isEqualTo(2);
  }
}
