package io.ait4j.fx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InputBindingTest {
  private static final Dim BATCH = Dim.symbol("batch", 1, 16);
  private static final Dim LENGTH = Dim.symbol("length", 2, 64);

  private static FxValue value(String name, Dim... shape) {
    return new FxValue(name, TensorMeta.contiguous(DType.FLOAT32, List.of(shape)));
  }

  private static NativeTensor tensor(long... sizes) {
    long count = Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
    return NativeTensor.contiguous(
        DType.FLOAT32, sizes, MemorySegment.ofArray(new float[(int) count]));
  }

  private static Map<String, Long> bind(List<FxValue> inputs, NativeTensor... tensors) {
    return new InputBinding(inputs).bind(List.of(tensors), Map.of());
  }

  @Test
  void symbolsHaveTheSizesTheyStandFor() {
    List<FxValue> inputs =
        List.of(value("ids", BATCH, LENGTH), value("mask", BATCH, LENGTH, Dim.of(3)));
    assertThat(new InputBinding(inputs).symbols())
        .extracting(Dim.Symbol::name)
        .containsExactly("batch", "length");
    assertThat(bind(inputs, tensor(4, 7), tensor(4, 7, 3)))
        .isEqualTo(Map.of("batch", 4L, "length", 7L));
  }

  @Test
  void linearSizesAreSolvedWhereverTheyStand() {
    // The first input is understood only once the second has said what batch is.
    List<FxValue> inputs =
        List.of(value("x", BATCH.times(LENGTH).plus(1)), value("y", BATCH.times(2).minus(1)));
    assertThat(bind(inputs, tensor(13), tensor(5))).isEqualTo(Map.of("batch", 3L, "length", 4L));
    assertThatThrownBy(() -> bind(inputs, tensor(13), tensor(6)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("no size makes dimension 0 2*batch - 1");
  }

  @Test
  void otherSizesAreChecked() {
    List<FxValue> inputs = List.of(value("x", LENGTH), value("y", LENGTH.plus(1).floorDiv(2)));
    assertThat(bind(inputs, tensor(7), tensor(4))).containsEntry("length", 7L);
    assertThatThrownBy(() -> bind(inputs, tensor(7), tensor(3)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("input 1 'y'")
        .hasMessageContaining("= 4 where length = 7 (from input 0 'x', which is float32[7])");
  }

  @Test
  void twoSizesOfOneSymbolMustAgree() {
    List<FxValue> inputs = List.of(value("a", BATCH), value("b", BATCH));
    assertThatThrownBy(() -> bind(inputs, tensor(2), tensor(3)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("input 1 'b': expected float32[batch=1..16], got float32[3]")
        .hasMessageContaining("dimension 0 must be 2 where batch = 2 (from input 0 'a'");
  }

  @Test
  void boundsCount() {
    List<FxValue> inputs = List.of(value("a", BATCH));
    assertThat(bind(inputs, tensor(16))).containsEntry("batch", 16L);
    assertThatThrownBy(() -> bind(inputs, tensor(17)))
        .isInstanceOfSatisfying(
            ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.USAGE))
        .hasMessageContaining("batch = 17")
        .hasMessageContaining("outside 1..16");
  }

  @Test
  void whatIsKnownAlreadyIsKeptAndChecked() {
    InputBinding binding = new InputBinding(List.of(value("a", BATCH.times(2))));
    assertThat(binding.bind(List.of(tensor(6)), Map.of("batch", 3L, "other", 9L)))
        .isEqualTo(Map.of("batch", 3L, "other", 9L));
    assertThatThrownBy(() -> binding.bind(List.of(tensor(6)), Map.of("batch", 4L)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("dimension 0 must be 2*batch = 8 where batch = 4");
  }

  @Test
  void wrongTypesAndCountsAreNamed() {
    List<FxValue> inputs = List.of(value("a", BATCH, Dim.of(3)));
    assertThatThrownBy(() -> bind(inputs))
        .hasMessage("the model takes 1 input (a: float32[batch=1..16,3]), got 0");
    assertThatThrownBy(() -> bind(inputs, tensor(2, 4)))
        .hasMessageContaining("expected float32[batch=1..16,3], got float32[2,4]");
    assertThatThrownBy(() -> bind(inputs, tensor(3))).hasMessageContaining("got float32[3]");
  }
}
