package io.ait4j.lower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.compiler.CompileReport;
import io.ait4j.compiler.CompiledPartition;
import io.ait4j.compiler.build.BuildProgress;
import io.ait4j.compiler.build.BuildRecord;
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
import java.lang.foreign.SegmentAllocator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
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

  /** Takes every operator, and fails to build graphs with such operators. */
  private static PartitionBuilder failing(
      Supplier<RuntimeException> failure, Predicate<Set<String>> broken) {
    return new PartitionBuilder() {
      @Override
      public OperatorSupport support() {
        return (graph, node) -> OperatorSupport.Verdict.yes(1);
      }

      @Override
      public void requireCompiler() {}

      @Override
      public CompileReport plan(FxGraph graph) {
        return new CompileReport(0, List.of(), 0, 0, Map.of(), 0, 0);
      }

      @Override
      public CompiledPartition build(
          FxGraph graph, SegmentAllocator memory, BuildProgress progress) {
        if (broken.test(
            graph.nodes().stream().map(n -> n.target().name()).collect(Collectors.toSet()))) {
          throw failure.get();
        }
        return new CompiledPartition(
            Path.of("none.so"),
            List.of(),
            List.of(),
            Map.of(),
            new BuildRecord("", "", List.of(), ""),
            plan(graph));
      }
    };
  }

  private static PartitionBuilder chokingOnExp(ModelException.Kind kind) {
    return failing(
        () -> new ModelException(kind, "the compiler chokes"), nodes -> nodes.contains("exp"));
  }

  private static LoweringReport lower(PartitionBuilder builder, LowerSettings settings) {
    return new AitLowerer(builder, settings, step -> {}, Arena.ofAuto())
        .lower(chain("relu", "tanh", "exp", "sin"))
        .report();
  }

  @Test
  void aNodeThatDoesNotBuildGoesToLibtorchAndTheReportSaysSo() {
    LoweringReport report = lower(chokingOnExp(ModelException.Kind.COMPILE), LowerSettings.DEFAULT);
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
                    chokingOnExp(ModelException.Kind.COMPILE),
                    LowerSettings.DEFAULT.withRequireFull(true)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("aten::exp")
        .hasMessageContaining("the compiler chokes");
  }

  @Test
  void aFullDiskIsNoReasonToFallBack() {
    assertThatThrownBy(() -> lower(chokingOnExp(ModelException.Kind.IO), LowerSettings.DEFAULT))
        .isInstanceOfSatisfying(
            ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.IO));
  }

  @Test
  void aDefectOfTheCompilerIsNoReasonToFail() {
    PartitionBuilder broken =
        failing(() -> new IllegalStateException("no such buffer"), nodes -> nodes.contains("tanh"));
    LoweringReport report = lower(broken, LowerSettings.DEFAULT);
    assertThat(report.fallbackOps()).containsOnlyKeys("aten::tanh");
    assertThat(report.demotions().getFirst())
        .contains("a defect of the compiler", "no such buffer");
  }

  @Test
  void nodesThatOnlyFailTogetherGoTogether() {
    PartitionBuilder pair =
        failing(
            () -> new ModelException(ModelException.Kind.COMPILE, "too much"),
            nodes -> nodes.containsAll(Set.of("tanh", "exp")));
    assertThat(lower(pair, LowerSettings.DEFAULT).fallbackOps())
        .containsOnlyKeys("aten::relu", "aten::tanh", "aten::exp", "aten::sin");
  }
}
