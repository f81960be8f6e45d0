package io.ait4j.lower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.FxGraph;
import io.ait4j.fx.GraphSignature;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.Weight;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionTest {
  @TempDir Path folder;

  private final Arena arena = Arena.ofAuto();

  private LoweredModule load(FxGraph graph, LowerSettings settings) {
    Path file = folder.resolve("model.aitm");
    try (Arena work = Arena.ofShared()) {
      AitLowerer.lower(graph, settings, work, step -> {}).write(file);
    }
    return LoweredModule.load(file);
  }

  /** {@code total += x; return total * x}: the next total is also what {@code neg} returns. */
  private static FxGraph accumulator() {
    FxGraph graph =
        new TinyGraph()
            .input("x", TinyGraph.TYPE)
            .input("total", TinyGraph.TYPE)
            .op("next", "add.Tensor", "total", "x")
            .op("y", "mul.Tensor", "next", "x")
            .returns("y", "next");
    Weight initial = new Weight("net.total", TinyGraph.TYPE, TinyGraph.ramp(100).data());
    return graph.withSignature(
        new GraphSignature(
            List.of("product"),
            List.of(new GraphSignature.State("total", 1, initial)),
            List.of(),
            List.of()));
  }

  private float first(List<NativeTensor> outputs) {
    return TinyGraph.read(outputs.getFirst())[0];
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "aten::add", "aten::mul", "aten::add,aten::mul"})
  void runsOfASessionShareItsStateAndSessionsDoNot(String onLibtorch) {
    LowerSettings settings = LowerSettings.DEFAULT.withExcludedOps(Set.of(onLibtorch.split(",")));
    try (LoweredModule module = load(accumulator(), settings);
        Session one = module.session();
        Session two = module.session()) {
      List<NativeTensor> x = List.of(TinyGraph.ramp(2));
      assertThat(module.inputs()).hasSize(1);
      assertThat(module.outputNames()).containsExactly("product");
      assertThat(first(one.run(x, arena))).isEqualTo(2 * 102);
      assertThat(first(one.run(x, arena))).isEqualTo(2 * 104);
      assertThat(first(two.run(x, arena))).isEqualTo(2 * 102);
      assertThat(first(one.run(x, arena))).isEqualTo(2 * 106);
      assertThat(first(module.run(x, arena))).isEqualTo(2 * 102);
      assertThat(first(module.run(x, arena))).isEqualTo(2 * 102);
      assertThat(one.stateNames()).containsExactly("net.total");
      assertThat(TinyGraph.read(one.state("net.total", arena))[0]).isEqualTo(106);
      assertThat(TinyGraph.read(two.state("net.total", arena))[0]).isEqualTo(102);
    }
  }

  @Test
  void aRunThatFailsLeavesTheStateAsItWas() {
    try (LoweredModule module = load(accumulator(), LowerSettings.DEFAULT);
        Session session = module.session()) {
      session.run(List.of(TinyGraph.ramp(1)), arena);
      assertThatThrownBy(() -> session.run(List.of(), arena)).isInstanceOf(ModelException.class);
      Arena closed = Arena.ofConfined();
      closed.close();
      assertThatThrownBy(() -> session.run(List.of(TinyGraph.ramp(1)), closed))
          .hasMessageContaining("losed");
      assertThat(TinyGraph.read(session.state("net.total", arena))[0]).isEqualTo(101);
      assertThatThrownBy(() -> session.state("total", arena))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("net.total");
    }
  }

  @Test
  void theStateIsNobodyElsesMemory() {
    // The next state is returned too, and once it is the input itself.
    FxGraph graph =
        new TinyGraph()
            .input("x", TinyGraph.TYPE)
            .input("last", TinyGraph.TYPE)
            .op("y", "neg", "last")
            .returns("y", "last", "x");
    Weight initial = new Weight("last", TinyGraph.TYPE, TinyGraph.ramp(7).data());
    FxGraph stateful =
        graph.withSignature(
            new GraphSignature(
                List.of(),
                List.of(new GraphSignature.State("last", 2, initial)),
                List.of(),
                List.of()));
    try (LoweredModule module = load(stateful, LowerSettings.DEFAULT);
        Session session = module.session()) {
      NativeTensor x = TinyGraph.ramp(20);
      List<NativeTensor> before = session.run(List.of(x), arena);
      assertThat(TinyGraph.read(before.get(1))[0]).isEqualTo(7);
      x.data().fill((byte) 0);
      before.get(1).data().fill((byte) 0);
      List<NativeTensor> after = session.run(List.of(x), arena);
      assertThat(TinyGraph.read(after.get(0))[0]).isEqualTo(-20);
      assertThat(TinyGraph.read(after.get(1))[0]).isEqualTo(20);
    }
  }

  @Test
  void aClosedSessionDoesNotRun() {
    try (LoweredModule module = load(accumulator(), LowerSettings.DEFAULT)) {
      Session session = module.session();
      session.close();
      session.close();
      assertThatThrownBy(() -> session.run(List.of(TinyGraph.ramp(1)), arena))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("closed");
    }
  }

  @Test
  void externalStateIsAnInputAndAnOutput() {
    LowerSettings settings = LowerSettings.DEFAULT.withState(LowerSettings.State.EXTERNAL);
    try (LoweredModule module = load(accumulator(), settings)) {
      assertThat(module.inputs()).extracting("name").containsExactly("x", "total");
      assertThat(module.outputNames()).containsExactly("product", "net.total");
      List<NativeTensor> outputs = module.run(List.of(TinyGraph.ramp(2), TinyGraph.ramp(5)), arena);
      assertThat(first(outputs)).isEqualTo(2 * 7);
      assertThat(TinyGraph.read(outputs.get(1))[1]).isEqualTo(3 + 6);
    }
  }
}
