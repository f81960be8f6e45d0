package io.ait4j.lower.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.DType;
import io.ait4j.fx.InputSpec;
import io.ait4j.fx.ModelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InputTextTest {
  @Test
  void nameTypeAndSizes() {
    InputSpec image = InputText.parse("image=float32[1, 3,224,224]");
    assertThat(image.name()).isEqualTo("image");
    assertThat(image.meta().dtype()).isEqualTo(DType.FLOAT32);
    assertThat(image.meta().sizes()).containsExactly(1, 3, 224, 224);
    assertThat(image.meta().isContiguous()).isTrue();
    assertThat(InputText.parse("int64[]").name()).isNull();
    assertThat(InputText.parse("int64[]").meta().rank()).isZero();
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
          x=float32[a]       | 'a' is not a size
          x=float32[1..16,3] | dynamic dimension '1..16' is not supported yet
          x=float32[99999999999999999999] | is not a size
          """)
  void everyOtherTextIsRefusedWithTheReason(String text, String reason) {
    assertThatThrownBy(() -> InputText.parse(text))
        .isInstanceOfSatisfying(
            ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.USAGE))
        .hasMessageContaining("--input '" + text + "'")
        .hasMessageContaining(reason);
  }
}
