package io.ait4j.compiler.convert;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.fx.rules.CoreOperators;
import org.junit.jupiter.api.Test;

/** Every operator that normalisation keeps has a converter, if only to say why it is refused. */
class CoverageTest {
  @Test
  void everyCoreOperatorHasAConverter() {
    assertThat(new Converters().targets()).containsAll(CoreOperators.all());
  }
}
