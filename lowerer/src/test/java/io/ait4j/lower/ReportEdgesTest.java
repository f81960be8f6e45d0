package io.ait4j.lower;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.fx.DType;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.InputSpec;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.reader.ImportSettings;
import io.ait4j.fx.reader.ModelReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.QualifiedName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The graph as a report has it: enough to draw it. */
class ReportEdgesTest {
  private static final ImportSettings IMPORTS =
      ImportSettings.of(
          List.of(
              new InputSpec("x", TensorMeta.contiguous(DType.FLOAT32, TinyGraph.SHAPE)),
              new InputSpec("y", TensorMeta.contiguous(DType.FLOAT32, TinyGraph.SHAPE))));

  @TempDir private Path folder;

  private LoweringReport report() {
    Path file = folder.resolve("model.pt");
    try (JitModule module = new JitModule(new QualifiedName("Split"))) {
      module.define("def forward(self, x, y):\n  s = (x + y).relu()\n  return s * y, s.sum(), x\n");
      module.save(file.toString());
    }
    FxGraph graph = ModelReader.read(file, IMPORTS).graph();
    return AitLowerer.plan(graph, LowerSettings.DEFAULT.withExcludedOps(Set.of("aten::mul")));
  }

  private static LoweringReport.NodeRow node(LoweringReport report, String op) {
    return report.nodes().stream().filter(n -> n.op().startsWith(op)).findFirst().orElseThrow();
  }

  @Test
  void aNodeNamesWhatItReads() {
    LoweringReport report = report();
    LoweringReport.NodeRow relu = node(report, "aten::relu");
    assertThat(node(report, "aten::add").inputs()).containsExactly("x", "y");
    assertThat(relu.inputs()).containsExactly(node(report, "aten::add").name());
    assertThat(node(report, "aten::mul").inputs()).containsExactly(relu.name(), "y");
    assertThat(relu.results())
        .containsExactly(report.inputs().getFirst().substring("x: ".length()));
  }

  @Test
  void theGraphsOwnInputsAndOutputsAreSaid() {
    LoweringReport report = report();
    assertThat(report.inputs()).hasSize(2).allMatch(text -> text.matches("[xy]: float32\\[.*]"));
    assertThat(report.outputs())
        .containsExactly(node(report, "aten::mul").name(), node(report, "aten::sum").name(), "x");
  }

  @Test
  void everyEdgeComesFromAnInputOrAnEarlierNode() {
    LoweringReport report = report();
    Set<String> known = new HashSet<>(List.of("x", "y"));
    for (LoweringReport.NodeRow node : report.nodes()) {
      assertThat(known).containsAll(node.inputs());
      known.add(node.name());
    }
    assertThat(known).containsAll(report.outputs());
  }

  @Test
  void jsonBringsThemBackAndMayLackThem() throws IOException {
    LoweringReport report = report();
    byte[] json = report.json().getBytes(StandardCharsets.UTF_8);
    assertThat(ReportJson.read(json)).isEqualTo(report);
    String older = "{\"nodes\": [{\"name\": \"a\", \"op\": \"aten::relu\"}]}";
    LoweringReport read = ReportJson.read(older.getBytes(StandardCharsets.UTF_8));
    assertThat(read.outputs()).isEmpty();
    assertThat(read.nodes().getFirst().inputs()).isEmpty();
  }
}
