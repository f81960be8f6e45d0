package io.ait4j.lower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.GraphSignature;
import io.ait4j.fx.Guard;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.Weight;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AsynchronousRunsTest {
  @TempDir Path folder;

  private final Arena arena = Arena.ofAuto();

  private LoweredModule load(FxGraph graph) {
    Path file = folder.resolve("model.aitm");
    try (Arena work = Arena.ofShared()) {
      AitLowerer.lower(graph, LowerSettings.DEFAULT, work, step -> {}).write(file);
    }
    return LoweredModule.load(file);
  }

  /** {@code total += x; return total}. */
  private static FxGraph accumulator() {
    Weight initial = new Weight("net.total", TinyGraph.TYPE, TinyGraph.ramp(0).data());
    return new TinyGraph()
        .input("x", TinyGraph.TYPE)
        .input("total", TinyGraph.TYPE)
        .op("next", "add.Tensor", "total", "x")
        .returns("next", "next")
        .withSignature(
            new GraphSignature(
                List.of(),
                List.of(new GraphSignature.State("total", 1, initial)),
                List.of(),
                List.of()));
  }

  private static float first(List<NativeTensor> outputs) {
    return TinyGraph.read(outputs.getFirst())[0];
  }

  @Test
  void manyRunsAreUnderWayAtOnceAndEachHasItsOwnResult() throws Exception {
    try (LoweredModule module = load(new TinyGraph().op("y", "neg", "x").returns("y"))) {
      List<CompletableFuture<List<NativeTensor>>> runs = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        runs.add(module.runAsync(List.of(TinyGraph.ramp(i)), arena));
      }
      for (int i = 0; i < runs.size(); i++) {
        assertThat(first(runs.get(i).get())).isEqualTo(-i);
      }
    }
  }

  @Test
  void runsOfASessionKeepTheirOrder() throws Exception {
    try (LoweredModule module = load(accumulator());
        Session session = module.session()) {
      List<CompletableFuture<List<NativeTensor>>> runs = new ArrayList<>();
      for (int i = 1; i <= 50; i++) {
        runs.add(session.runAsync(List.of(TinyGraph.ramp(i)), arena));
      }
      NativeTensor wrong =
          NativeTensor.contiguous(DType.INT32, TinyGraph.SHAPE, arena.allocate(48, 4));
      CompletableFuture<?> refused = session.runAsync(List.of(wrong), arena);
      CompletableFuture<List<NativeTensor>> last =
          session.runAsync(List.of(TinyGraph.ramp(1000)), arena);
      for (int i = 1; i <= 50; i++) {
        assertThat(first(runs.get(i - 1).get())).isEqualTo(i * (i + 1) / 2);
      }
      assertThatThrownBy(refused::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(ModelException.class);
      assertThat(first(last.get())).as("goes on from where the good ones left").isEqualTo(2275);
    }
  }

  @Test
  void oneThatIsCancelledDoesNotLetTheNextOvertake() throws Exception {
    ArrayDeque<Runnable> stack = new ArrayDeque<>();
    try (LoweredModule module = load(accumulator());
        Session session = module.session()) {
      var first = session.runAsync(List.of(TinyGraph.ramp(1)), arena, stack::push);
      var second = session.runAsync(List.of(TinyGraph.ramp(10)), arena, stack::push);
      var third = session.runAsync(List.of(TinyGraph.ramp(100)), arena, stack::push);
      assertThat(second.cancel(false)).isTrue();
      while (!stack.isEmpty()) {
        stack.pop().run();
      }
      assertThat(first(first.get())).isEqualTo(1);
      assertThat(first(third.get())).isEqualTo(101);
      Executor refusing =
          work -> {
            throw new RejectedExecutionException("full");
          };
      var refused = session.runAsync(List.of(TinyGraph.ramp(1)), arena, refusing);
      assertThatThrownBy(refused::get).hasStackTraceContaining("full");
    }
  }

  @Test
  void whatHasNotBegunWhenTheModuleClosesIsRefused() {
    ArrayDeque<Runnable> queue = new ArrayDeque<>();
    LoweredModule module = load(new TinyGraph().op("y", "neg", "x").returns("y"));
    final Session session = module.session();
    CompletableFuture<?> late = module.runAsync(List.of(TinyGraph.ramp(0)), arena, queue::add);
    CompletableFuture<?> cancelled = module.runAsync(List.of(), arena, queue::add);
    cancelled.cancel(false);
    module.close();
    queue.forEach(Runnable::run);
    assertThatThrownBy(late::get)
        .hasCauseInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the module is closed");
    assertThat(cancelled).isCancelled();
    assertThatThrownBy(() -> session.run(List.of(TinyGraph.ramp(0)), arena))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the module is closed");
    assertThatThrownBy(module::warmUp).isInstanceOf(IllegalStateException.class);
    session.close();
    assertThatThrownBy(() -> session.runAsync(List.of(TinyGraph.ramp(0)), arena).get())
        .hasMessageContaining("the session is closed");
  }

  @Test
  void warmingUpFindsSizesThatTheModelTakes() {
    Dim rows = Dim.symbol("rows", 2, 9);
    TensorMeta table = TensorMeta.contiguous(DType.FLOAT32, List.of(rows, Dim.of(2)));
    TinyGraph graph = new TinyGraph().input("x", table).op("y", table, "neg", new Arg.Value("x"));
    FxGraph free = graph.returns("y");
    try (LoweredModule module = load(free)) {
      module.warmUp();
    }
    try (LoweredModule module = load(guarded(free, rows, 2))) {
      module.warmUp(); // 9 is odd
    }
    try (LoweredModule module = load(guarded(free, rows, 5))) {
      assertThatThrownBy(module::warmUp)
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("rows = 2");
    }
  }

  private static FxGraph guarded(FxGraph graph, Dim rows, long factor) {
    Guard even = new Guard(rows.mod(Dim.of(factor)), Guard.Relation.EQ, Dim.of(0), "a view");
    return graph.withSignature(new GraphSignature(List.of(), List.of(), List.of(), List.of(even)));
  }
}
