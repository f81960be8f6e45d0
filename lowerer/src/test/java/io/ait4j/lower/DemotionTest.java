package io.ait4j.lower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.compiler.CompileReport;
import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.OperatorSupport;
import io.ait4j.fx.TensorMeta;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DemotionTest {
  private static final TensorMeta TYPE = TensorMeta.contiguous(DType.FLOAT32, 4);

  /** A chain of the given operators. */
  private static FxGraph chain(String... ops) {
    List<FxNode> nodes = new ArrayList<>();
    String last = "x";
    for (String op : ops) {
      String next = op + nodes.size();
      nodes.add(
          new FxNode(
              next,
              OpTarget.parse("aten::" + op),
              List.of(new Arg.Value(last)),
              List.of(new FxValue(next, TYPE)),
              "model.py:" + nodes.size()));
      last = next;
    }
    return new FxGraph(
        List.of(new FxValue("x", TYPE)), List.of(), nodes, List.of(new Arg.Value(last)), Map.of());
  }

  /** Takes every operator, and fails to build graphs that hold one of {@code broken}. */
  private static PartitionBuilder failing(ModelException.Kind kind, Set<String> broken) {
    return new PartitionBuilder() {
      @Override
      public OperatorSupport support() {
        return (graph, node) -> OperatorSupport.Verdict.yes(1);
      }

      @Override
      public void requireCompiler() {}

      @Override
      public Built build(FxGraph graph, Arena arena) {
        for (FxNode node : graph.nodes()) {
          if (broken.contains(node.target().name())) {
            throw new ModelException(kind, "the compiler chokes");
          }
        }
        return new Built(
            Path.of("none.so"), List.of(), new CompileReport(List.of(), 0, 0, 0, 0, 0));
      }
    };
  }

  private static LoweringReport lower(PartitionBuilder builder, LowerSettings settings) {
    return new AitLowerer(builder, settings, step -> {}, Arena.ofAuto())
        .lower(chain("relu", "tanh", "exp", "sin"))
        .report();
  }

  @Test
  void aNodeThatDoesNotBuildGoesToLibtorchAndTheReportSaysSo() {
    LoweringReport report =
        lower(failing(ModelException.Kind.COMPILE, Set.of("exp")), LowerSettings.DEFAULT);
    assertThat(report.partitions())
        .extracting(LoweringReport.PartitionRow::kind)
        .containsExactly("ait", "fallback", "ait");
    assertThat(report.fallbackOps()).containsOnlyKeys("aten::exp");
    assertThat(report.fallbackOps().get("aten::exp").reasons().getFirst())
        .contains("its build failed: the compiler chokes");
    assertThat(report.demotions()).singleElement().asString().contains("exp2 (aten::exp)");
    assertThat(report.nodesAit()).isEqualTo(3);
  }

  @Test
  void demotionIsRefusedWhereEverythingMustCompile() {
    assertThatThrownBy(
            () ->
                lower(
                    failing(ModelException.Kind.COMPILE, Set.of("exp")),
                    LowerSettings.DEFAULT.withRequireFull(true)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("aten::exp")
        .hasMessageContaining("the compiler chokes");
  }

  @Test
  void aFullDiskIsNoReasonToFallBack() {
    assertThatThrownBy(
            () -> lower(failing(ModelException.Kind.IO, Set.of("exp")), LowerSettings.DEFAULT))
        .isInstanceOfSatisfying(
            ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.IO));
  }
}
