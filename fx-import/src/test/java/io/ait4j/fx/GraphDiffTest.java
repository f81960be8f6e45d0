package io.ait4j.fx;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class GraphDiffTest {
  private static final TensorMeta PAIR = TensorMeta.contiguous(DType.FLOAT32, 2);

  private static MemorySegment data(float... values) {
    MemorySegment data = Arena.ofAuto().allocate(4L * values.length, 8);
    MemorySegment.copy(values, 0, data, ValueLayout.JAVA_FLOAT, 0, values.length);
    return data;
  }

  /** {@code (x + w * factor)}, its values called by a prefix. */
  private static FxGraph graph(String prefix, double factor, MemorySegment weight) {
    FxValue x = new FxValue(prefix + "x", PAIR);
    FxValue w = new FxValue(prefix + "w", PAIR);
    FxNode mul =
        new FxNode(
            prefix + "mul",
            OpTarget.parse("aten::mul.Tensor"),
            List.of(new Arg.Value(w.name()), new Arg.Float(factor)),
            List.of(new FxValue(prefix + "p", PAIR)),
            prefix + ".py:1");
    FxNode add =
        new FxNode(
            prefix + "add",
            OpTarget.parse("aten::add.Tensor"),
            List.of(new Arg.Value(x.name()), new Arg.Value(prefix + "p"), new Arg.Int(1)),
            List.of(new FxValue(prefix + "s", PAIR)),
            "");
    return new FxGraph(
        List.of(x),
        List.of(w),
        List.of(mul, add),
        List.of(new Arg.Value(prefix + "s")),
        Map.of(w.name(), new Weight("weight", PAIR, weight)));
  }

  @Test
  void namesAndSourcesDoNotCount() {
    FxGraph left = graph("a", 2, data(1, 2));
    assertThat(GraphDiff.between(left, graph("b", 2, data(1, 2)))).isEmpty();
  }

  @Test
  void anArgumentThatDiffersIsNamed() {
    assertThat(GraphDiff.between(graph("a", 0.0, data(1, 2)), graph("b", -0.0, data(1, 2))))
        .containsExactly("node 0 (%amul = aten::mul.Tensor) argument 1: 0.0 here, -0.0 there");
  }

  @Test
  void aByteOfAWeightThatDiffersIsNamed() {
    assertThat(GraphDiff.between(graph("a", 2, data(1, 2)), graph("b", 2, data(1, 3))))
        .containsExactly("attribute 0 weight: weight: byte 6 of 8 is 0 here, 64 there");
  }

  @Test
  void swappedValuesAreFound() {
    FxGraph left = graph("a", 2, data(1, 2));
    FxNode add = left.nodes().get(1);
    List<Arg> swapped = List.of(add.args().get(1), add.args().get(0), add.args().get(2));
    FxGraph right = left.withNodes(List.of(left.nodes().getFirst(), add.withArgs(swapped)));
    assertThat(GraphDiff.between(left, right))
        .containsExactly(
            "node 1 (%aadd = aten::add.Tensor) argument 0: %ax here, %ap there",
            "node 1 (%aadd = aten::add.Tensor) argument 1: %ap here, %ax there");
  }

  @Test
  void boundsOfSymbolsCount() {
    Arg narrow = new Arg.SymInt(Dim.symbol("n", 1, 8).plus(1));
    Arg wide = new Arg.SymInt(Dim.symbol("n", 1, 9).plus(1));
    FxGraph left = graph("a", 2, data(1, 2));
    assertThat(left.withOutputs(List.of(narrow))).isEqualTo(left.withOutputs(List.of(wide)));
    assertThat(
            GraphDiff.between(left.withOutputs(List.of(narrow)), left.withOutputs(List.of(wide))))
        .hasSize(1);
  }

  @Test
  void signaturesCount() {
    FxGraph left = graph("a", 2, data(1, 2));
    Guard guard = new Guard(Dim.symbol("n", 1, 8), Guard.Relation.LT, Dim.of(7), "it");
    GraphSignature guarded = new GraphSignature(List.of("y"), List.of(), List.of(), List.of(guard));
    assertThat(GraphDiff.between(left, left.withSignature(guarded)))
        .containsExactly(
            "names of the outputs: [] here, [y] there", "number of guards: 0 here, 1 there");
  }

  @Property(tries = 300)
  void everyGraphIsItselfAndNotWithoutItsLastPart(@ForAll long seed) {
    FxGraph graph = new RandomGraphs(seed).graph();
    assertThat(GraphDiff.between(graph, graph)).isEmpty();
    List<Arg> more = new ArrayList<>(graph.outputs());
    more.add(new Arg.Int(1));
    assertThat(GraphDiff.between(graph, graph.withOutputs(more))).isNotEmpty();
    if (!graph.nodes().isEmpty()) {
      FxGraph less = graph.withNodes(graph.nodes().subList(0, graph.nodes().size() - 1));
      assertThat(GraphDiff.between(graph, less)).isNotEmpty();
    }
  }
}
