package io.ait4j.lower.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.InputSpec;
import io.ait4j.fx.ModelException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InputTextTest {
  private static InputSpec parse(String text) {
    return InputText.parse("--input", List.of(text)).getFirst();
  }

  @Test
  void oneNameIsOneSizeWhereverItStands() {
    List<InputSpec> inputs =
        InputText.parse(
            "--input", List.of("ids=int64[batch=1..16, 8..128]", "mask=bool[batch,2..4]"));
    List<Dim> ids = inputs.get(0).meta().shape();
    List<Dim> mask = inputs.get(1).meta().shape();
    assertThat(ids.get(0)).isEqualTo(Dim.symbol("batch", 1, 16)).isEqualTo(mask.get(0));
    assertThat(mask.get(0).max()).isEqualTo(16);
    assertThat(ids.get(1).min()).isEqualTo(8);
    assertThat(ids.get(1)).isNotEqualTo(mask.get(1));
    assertThat(inputs.get(0).meta().isContiguous()).isTrue();
  }

  @Test
  void aRangeOfOneSizeIsThatSize() {
    assertThat(parse("x=float32[3..3]").meta().sizes()).containsExactly(3);
  }

  @Test
  void nameTypeAndSizes() {
    InputSpec image = parse("image=float32[1, 3,224,224]");
    assertThat(image.name()).isEqualTo("image");
    assertThat(image.meta().dtype()).isEqualTo(DType.FLOAT32);
    assertThat(image.meta().sizes()).containsExactly(1, 3, 224, 224);
    assertThat(image.meta().isContiguous()).isTrue();
    assertThat(parse("int64[]").name()).isNull();
    assertThat(parse("int64[]").meta().rank()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          image              | not of the form
          x=float32          | not of the form
          =float32[1]        | not of the form
          x=float33[1]       | dtype 'float33' is unknown
          x=float32[1,-2]    | '-2' is not a size
          x=float32[1,,2]    | '' is not a size
          x=float32[2*a]     | '2*a' is not a size
          x=float32[1..,3]   | say how large it can get
          x=float32[9..3]    | the range 9..3 is empty
          x=float32[n,n=1..3] | 'n' has no range before here
          x=float32[n=1..3,n=1..4] | 'n' is 1..4 here and 1..3 before
          x=float32[99999999999999999999] | is not a size
          """)
  void everyOtherTextIsRefusedWithTheReason(String text, String reason) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOfSatisfying(
            ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.USAGE))
        .hasMessageContaining("--input '" + text + "'")
        .hasMessageContaining(reason);
  }
}
