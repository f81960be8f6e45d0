package io.ait4j.fx.decompose;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.fx.OpTarget;
import io.ait4j.fx.OperatorSchemas;
import io.ait4j.fx.rules.CoreOperators;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DecompositionTableTest {
  @Test
  void everyEntryIsAnOperatorOfPyTorch() {
    assertThat(Decompositions.all()).filteredOn(t -> OperatorSchemas.find(t).isEmpty()).isEmpty();
    assertThat(CoreOperators.all()).filteredOn(t -> OperatorSchemas.find(t).isEmpty()).isEmpty();
  }

  @Test
  void coreOperatorsAreOnlyNormalised() {
    Set<OpTarget> composite =
        Set.of(OpTarget.parse("aten::matmul"), OpTarget.parse("aten::conv2d"));
    assertThat(Decompositions.all()).containsAll(composite);
    assertThat(CoreOperators.all()).doesNotContainAnyElementsOf(composite);
  }
}
