package io.ait4j.fx.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.fx.OperatorSchemas;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class SchemaTableTest {
  @Test
  void theTableIsWhatThisLibtorchRegisters() throws IOException {
    try (var in =
        new GZIPInputStream(OperatorSchemas.class.getResourceAsStream("operators.schema.gz"))) {
      List<String> table = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      assertThat(table).containsExactlyInAnyOrderElementsOf(SchemaTable.lines());
    }
  }
}
