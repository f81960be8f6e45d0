package io.ait4j.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.ValueMeta;
import io.ait4j.partition.Partition.Kind;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PartitionerTest {
  private static PartitionPlan plan(FxGraph graph) {
    return new Partitioner(Sketch.NO_FFT, PartitionSettings.DEFAULT).plan(graph);
  }

  private static PartitionPlan plan(FxGraph graph, PartitionSettings settings) {
    return new Partitioner(Sketch.NO_FFT, settings).plan(graph);
  }

  private static List<String> names(PartitionPlan plan) {
    return plan.partitions().stream().map(Partition::name).toList();
  }

  private static List<String> nodes(PartitionPlan plan, int partition) {
    return plan.partitions().get(partition).graph().nodes().stream().map(FxNode::name).toList();
  }

  private static List<String> inputs(PartitionPlan plan, int partition) {
    return plan.partitions().get(partition).graph().inputs().stream().map(FxValue::name).toList();
  }

  private static List<String> outputs(PartitionPlan plan, int partition) {
    return List.copyOf(plan.partitions().get(partition).graph().outputNames());
  }

  @Test
  void aFullySupportedGraphIsOnePartition() {
    PartitionPlan plan =
        plan(
            new Sketch()
                .input("x")
                .weight("w")
                .op("a", "mm", "x", "w")
                .op("b", "relu", "a")
                .op("c", "permute", "b")
                .returning("c", "a"));
    assertThat(names(plan)).containsExactly("ait0");
    assertThat(inputs(plan, 0)).containsExactly("x");
    assertThat(outputs(plan, 0)).containsExactly("c", "a");
    assertThat(plan.partitions().getFirst().graph().weights()).containsOnlyKeys("w");
    assertThat(plan.flopsAitShare()).isEqualTo(1);
    assertThat(plan.nodesAit()).isEqualTo(3);
  }

  @Test
  void aDiamondWithAnUnsupportedSideSplitsInThree() {
    PartitionPlan plan =
        plan(
            new Sketch()
                .input("x")
                .op("top", "relu", "x")
                .op("left", "fft_fft2", "top")
                .op("right", "exp", "top")
                .op("bottom", "add.Tensor", "left", "right")
                .returning("bottom"));
    assertThat(names(plan)).containsExactly("ait0", "fallback0", "ait1");
    assertThat(nodes(plan, 1)).containsExactly("left");
    // The other side sits with its reader: top crosses to the fallback anyway, right need not.
    assertThat(nodes(plan, 2)).containsExactly("right", "bottom");
    assertThat(outputs(plan, 0)).containsExactly("top");
    assertThat(plan.fates().get("left").reason()).isEqualTo("no converter for aten::fft_fft2");
  }

  @Test
  void interleavedBranchesGroupByDependencyNotByPosition() {
    Sketch sketch = new Sketch().input("x");
    for (int i = 0; i < 5; i++) {
      sketch.op("a" + i, "relu", "x").op("f" + i, "fft_fft", "a" + i).op("b" + i, "exp", "f" + i);
    }
    PartitionPlan plan = plan(sketch.returning("b0", "b1", "b2", "b3", "b4"));
    assertThat(names(plan)).containsExactly("ait0", "fallback0", "ait1");
    assertThat(nodes(plan, 1)).containsExactly("f0", "f1", "f2", "f3", "f4");
  }

  @Test
  void aPathThatLeavesDoesNotComeBack() {
    PartitionPlan plan =
        plan(
            new Sketch()
                .input("x")
                .op("a", "relu", "x")
                .op("f", "fft_fft", "a")
                .op("b", "add.Tensor", "a", "f")
                .op("g", "fft_fft", "b")
                .op("c", "add.Tensor", "a", "g")
                .returning("c"));
    assertThat(names(plan)).containsExactly("ait0", "fallback0", "ait1", "fallback1", "ait2");
  }

  @Test
  void unsupportedSourcesComeFirstWhenThatSavesAPartition() {
    PartitionPlan plan =
        plan(
            new Sketch()
                .input("x")
                .op("f", "fft_fft", "x")
                .op("a", "relu", "x")
                .op("b", "add.Tensor", "a", "f")
                .returning("b"));
    assertThat(names(plan)).containsExactly("fallback0", "ait0");
  }

  @Test
  void aViewIsRepeatedByItsReadersSoThatItsBaseCrosses() {
    PartitionPlan plan =
        plan(
            new Sketch()
                .input("x")
                .op("a", "mm", "x", "x")
                .op("v", "permute", "a")
                .op("w", "view", "v")
                .op("b", "exp", "w")
                .op("f", "fft_fft", "w", "b")
                .op("u", "select.int", "f")
                .op("c", "relu", "u")
                .returning("c"));
    assertThat(names(plan)).containsExactly("ait0", "fallback0", "ait1");
    assertThat(nodes(plan, 0)).containsExactly("a", "v", "w", "b");
    assertThat(outputs(plan, 0)).containsExactly("a", "b");
    assertThat(nodes(plan, 1)).containsExactly("v", "w", "f");
    assertThat(outputs(plan, 1)).containsExactly("f");
    assertThat(nodes(plan, 2)).containsExactly("u", "c");
    assertThat(plan.fates().get("w"))
        .isEqualTo(new Fate(Kind.AIT, List.of("ait0", "fallback0"), ""));
  }

  @Test
  void complexMiddleFallsBackWholeAndItsRealViewIsTheBorder() {
    TensorMeta complex = TensorMeta.contiguous(DType.COMPLEX64, 4, 8);
    PartitionPlan plan =
        plan(
            new Sketch()
                .input("x")
                .op("n", "layer_norm", "x")
                .op("c", complex, "_to_copy", "n")
                .op("s", complex, "fft_fft2", "c")
                .op("r", "real", "s")
                .op("y", "add.Tensor", "r", "x")
                .returning("y"));
    assertThat(names(plan)).containsExactly("ait0", "fallback0", "ait1");
    assertThat(nodes(plan, 1)).containsExactly("c", "s", "r");
    assertThat(outputs(plan, 1)).containsExactly("r");
    assertThat(plan.fates().get("c").reason()).isEqualTo("%c is complex64");
  }

  @Test
  void constantsAreMadeWhereTheyAreRead() {
    PartitionPlan plan =
        plan(
            new Sketch()
                .input("x")
                .weight("w")
                .op("zero", "zeros")
                .op("grid", "expand", "zero")
                .op("w2", "mul.Tensor", "w", "w")
                .op("f", "fft_fft", "x", "grid", "w2")
                .op("a", "add.Tensor", "f", "zero")
                .returning("a"));
    assertThat(names(plan)).containsExactly("fallback0", "ait0");
    assertThat(nodes(plan, 0)).containsExactly("zero", "grid", "w2", "f");
    assertThat(nodes(plan, 1)).containsExactly("zero", "a");
    assertThat(plan.fates().get("w2").reason())
        .isEqualTo("a constant that only the fallback reads");
  }

  @Test
  void aPartitionBelowTheMinimumIsDemotedAndItsNeighboursMerge() {
    FxGraph graph =
        new Sketch()
            .input("x")
            .op("a", "relu", "x")
            .op("a2", "exp", "a")
            .op("f", "fft_fft", "a2")
            .op("v", "view", "f")
            .op("b", "relu", "v")
            .op("g", "fft_fft", "b")
            .op("c", "relu", "g")
            .op("c2", "exp", "c")
            .returning("c2");
    assertThat(names(plan(graph)))
        .containsExactly("ait0", "fallback0", "ait1", "fallback1", "ait2");
    PartitionPlan plan = plan(graph, new PartitionSettings(2, Set.of(), Set.of()));
    assertThat(names(plan)).containsExactly("ait0", "fallback0", "ait1");
    assertThat(nodes(plan, 1)).containsExactly("f", "v", "b", "g");
    assertThat(plan.fates().get("b").reason())
        .isEqualTo("partition of 1 node is below the minimum of 2");
    assertThat(plan.fates().get("v").reason()).isEqualTo("only the fallback reads it");
  }

  @Test
  void aSmallGraphWithoutBordersStaysCompiled() {
    PartitionPlan plan =
        plan(
            new Sketch().input("x").op("a", "relu", "x").returning("a"),
            new PartitionSettings(10, Set.of(), Set.of()));
    assertThat(names(plan)).containsExactly("ait0");
  }

  @Test
  void operatorsAndNodesAreExcludedByName() {
    FxGraph graph =
        new Sketch()
            .input("x")
            .op("a", "add.Tensor", "x", "x")
            .op("b", "add.Scalar", "a")
            .op("c", "relu", "b")
            .returning("c");
    assertThat(
            plan(graph, new PartitionSettings(1, Set.of("aten::add.Scalar"), Set.of()))
                .fallbackOps())
        .containsOnlyKeys("aten::add.Scalar");
    assertThat(plan(graph, new PartitionSettings(1, Set.of("aten::add"), Set.of())).fallbackOps())
        .containsOnlyKeys("aten::add.Scalar", "aten::add.Tensor");
    assertThat(plan(graph, new PartitionSettings(1, Set.of(), Set.of("c"))).fallbackOps())
        .containsOnlyKeys("aten::relu");
    assertThatThrownBy(() -> plan(graph, new PartitionSettings(1, Set.of(), Set.of("z"))))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("'z'");
  }

  @Test
  void demotingReplansWithTheReason() {
    PartitionPlan plan =
        plan(
            new Sketch()
                .input("x")
                .op("a", "relu", "x")
                .op("b", "exp", "a")
                .op("c", "relu", "b")
                .returning("c"));
    PartitionPlan again = plan.demote("b", "the C++ compiler crashed on it");
    assertThat(names(again)).containsExactly("ait0", "fallback0", "ait1");
    assertThat(again.fates().get("b").reason()).isEqualTo("the C++ compiler crashed on it");
    assertThat(names(again.demote("a", "so it did here"))).containsExactly("fallback0", "ait0");
  }

  @Test
  void controlFlowFallsBackAloneWithWhatItCaptures() {
    FxGraph then = new Sketch().op("t", "relu", "v").returning("t");
    FxGraph otherwise = new Sketch().returning("a");
    PartitionPlan plan =
        plan(
            new Sketch()
                .input("x")
                .op("a", "exp", "x")
                .op("v", "permute", "a")
                .op("s", "sum.dim_IntList", "a")
                .op("cond", new ValueMeta.Scalar(DType.BOOL), "Bool.Tensor", "s")
                .branch("y", "cond", then, otherwise)
                .op("z", "relu", "y")
                .returning("z"));
    assertThat(names(plan)).containsExactly("ait0", "fallback0", "ait1");
    assertThat(nodes(plan, 0)).containsExactly("a", "s");
    assertThat(outputs(plan, 0)).containsExactly("a", "s");
    assertThat(nodes(plan, 1)).containsExactly("v", "cond", "y");
    assertThat(plan.fates().get("y").reason()).isEqualTo("control flow that depends on data");
  }

  @Test
  void aListNeverCrossesABorder() {
    ValueMeta list = new ValueMeta.Sequence(List.of(Sketch.TENSOR, Sketch.TENSOR));
    PartitionPlan plan =
        plan(
            new Sketch()
                .input("x")
                .op("l", list, "fft_list", "x")
                .op("f", "fft_first", "l")
                .op("a", "relu", "f")
                .op("g", "fft_second", "l", "a")
                .op("b", "relu", "g")
                .returning("b"));
    assertThat(names(plan)).containsExactly("fallback0", "ait0");
    assertThat(plan.fates().get("a").reason())
        .isEqualTo("stands between the two ends of %l, which is not a tensor");
  }

  @Test
  void returnedInputsWeightsAndConstantsNeedNoPartition() {
    FxGraph graph =
        new Sketch().input("x").weight("w").op("a", "relu", "x").returning("x", "w", "a");
    graph =
        graph.withOutputs(
            List.of(new Arg.Value("x"), new Arg.Value("w"), new Arg.Value("a"), new Arg.Int(3)));
    PartitionPlan plan = plan(graph);
    assertThat(outputs(plan, 0)).containsExactly("a");
    assertThat(plan.directOutputs())
        .containsExactly(new Arg.Value("x"), new Arg.Value("w"), new Arg.Int(3));
    assertThat(plan(new Sketch().input("x").returning("x")).partitions()).isEmpty();
  }

  @Test
  void aReturnedViewIsExportedOnceByTheSideThatNeedsNoCopy() {
    PartitionPlan plan =
        plan(
            new Sketch()
                .input("x")
                .op("f", "fft_fft", "x")
                .op("v", "permute", "f")
                .op("a", "relu", "v")
                .op("w", "view", "a")
                .op("xv", "permute", "x")
                .returning("v", "w", "xv"));
    assertThat(names(plan)).containsExactly("fallback0", "ait0");
    assertThat(outputs(plan, 0)).containsExactly("v", "f");
    assertThat(outputs(plan, 1)).containsExactly("w", "xv");
  }

  @Test
  void theTableSaysWhatWentWhereAndWhy() {
    String table =
        plan(new Sketch().input("x").op("a", "relu", "x").op("f", "fft_fft", "a").returning("f"))
            .toString();
    assertThat(table)
        .contains("ait0", "fallback0", "fallback 1 x aten::fft_fft: no converter for aten::fft_fft")
        // relu is 32 flops, the transform 5 * 32 * log2(32) = 800.
        .contains("1 of 2 nodes and 3.8 % of the flops compiled");
  }
}
