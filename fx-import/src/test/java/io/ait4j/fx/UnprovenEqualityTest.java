package io.ait4j.fx;

import static io.ait4j.fx.Arg.of;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sizes that may be equal are reported as a question, sizes that cannot be as an error. */
class UnprovenEqualityTest {
  private static final Dim N = Dim.symbol("n", 2, 64);
  private static final Dim M = Dim.symbol("m", 2, 64);

  private final FxGraphBuilder builder = new FxGraphBuilder(Typer.NONE);

  private Arg tensor(Dim... shape) {
    return builder.input("x", TensorMeta.contiguous(DType.FLOAT32, List.of(shape)));
  }

  private ModelException refusal(String target, Arg... args) {
    return catchThrowableOfType(
        ModelException.class,
        () -> builder.emit(OpTarget.parse("aten::" + target), List.of(args), "model.py:7"));
  }

  @ParameterizedTest
  @CsvSource({"add.Tensor", "mm", "matmul", "maximum"})
  void twoSymbolsThatMayBeOneAreNamed(String target) {
    ModelException e = refusal(target, tensor(Dim.of(8), N), tensor(M, Dim.of(8)));
    assertThat(e).isInstanceOf(UnprovenEquality.class);
    assertThat(e.kind()).isEqualTo(ModelException.Kind.IMPORT);
    assertThat(e).hasMessageContaining("aten::" + target + " at model.py:7");
    UnprovenEquality question = (UnprovenEquality) e;
    assertThat(question.left().symbols()).isNotEqualTo(question.right().symbols());
  }

  @Test
  void bothSidesAreGivenAsTheyAre() {
    ModelException e =
        refusal("linear", tensor(Dim.of(3), N.times(2)), tensor(Dim.of(5), M.plus(1)));
    assertThat(e).isInstanceOf(UnprovenEquality.class);
    UnprovenEquality question = (UnprovenEquality) e;
    assertThat(List.of(question.left(), question.right()))
        .containsExactlyInAnyOrder(N.times(2), M.plus(1));
    assertThat(e).hasMessageContaining("2*n == m + 1");
  }

  @Test
  void aDivisionThatMayLeaveNothingIsAQuestionToo() {
    ModelException e = refusal("view", tensor(N, Dim.of(3)), Arg.ints(-1, 6));
    assertThat(e).isInstanceOf(UnprovenEquality.class);
    UnprovenEquality question = (UnprovenEquality) e;
    assertThat(question.left()).isEqualTo(N.times(3).mod(6));
    assertThat(question.right()).isEqualTo(Dim.ZERO);
  }

  @ParameterizedTest
  @CsvSource({"index_add", "index_copy"})
  void asManyPlacesAsSlices(String target) {
    Arg self = tensor(Dim.of(9), Dim.of(4));
    Arg index = builder.input("i", TensorMeta.contiguous(DType.INT64, List.of(N)));
    assertThat(refusal(target, self, of(0), index, tensor(M, Dim.of(4))))
        .isInstanceOf(UnprovenEquality.class)
        .hasMessageContaining("n == m");
    assertThat(refusal(target, self, of(0), index, tensor(N.plus(1), Dim.of(4))))
        .isNotNull()
        .isNotInstanceOf(UnprovenEquality.class);
    assertThat(refusal(target, self, of(0), index, tensor(N, Dim.of(3))))
        .isNotNull()
        .isNotInstanceOf(UnprovenEquality.class);
    builder.emit(
        OpTarget.parse("aten::" + target), List.of(self, of(0), index, tensor(N, Dim.of(4))), "");
  }

  @Test
  void sizesThatCannotBeEqualAreAnError() {
    ModelException e = refusal("add.Tensor", tensor(N), tensor(Dim.of(100)));
    assertThat(e).isNotNull().isNotInstanceOf(UnprovenEquality.class);
    assertThat(refusal("add.Tensor", tensor(N), tensor(N.plus(1))))
        .isNotNull()
        .isNotInstanceOf(UnprovenEquality.class);
  }
}
