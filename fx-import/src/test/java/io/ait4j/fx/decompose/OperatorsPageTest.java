package io.ait4j.fx.decompose;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class OperatorsPageTest {
  private static final String COMMAND =
      "mvn test -pl fx-import -Dtest=OperatorsPageTest -Doperators.write";

  @Test
  void thePageSaysWhatTheCodeDoes() throws IOException {
    if (System.getProperty("operators.write") != null) {
      OperatorsPage.write();
    }
    assertThat(Files.readString(OperatorsPage.FILE))
        .as("docs/operators.md is out of date; write it anew with: " + COMMAND)
        .isEqualTo(OperatorsPage.text());
  }

  @Test
  void whatBecomesOfAnOperatorIsFoundByCallingIt() {
    assertThat(SampleCalls.of(io.ait4j.fx.OpTarget.parse("aten::relu6")).targets())
        .containsExactly("aten::hardtanh");
    assertThat(SampleCalls.of(io.ait4j.fx.OpTarget.parse("aten::dropout")).passes()).isTrue();
    assertThat(SampleCalls.of(io.ait4j.fx.OpTarget.parse("aten::matmul")).targets())
        .contains("aten::mm", "aten::bmm");
  }
}
