package io.ait4j.lower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.NativeTensor;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights that are set while something else happens: two libraries read {@code w}. */
class FailingWeightsTest {
  private static final String WEIGHT = "module.w";

  @TempDir Path folder;

  private final Arena mapped = Arena.ofShared();
  private ModuleParts parts;
  private Runner runner;

  /** a = x + w, y = -a + w, with libtorch between them. */
  private void load() {
    Path file = folder.resolve("model.aitm");
    LowerSettings settings =
        LowerSettings.DEFAULT
            .withConstants(LowerSettings.Constants.UPDATABLE)
            .withExcludedOps(Set.of("aten::neg"));
    try (Arena work = Arena.ofShared()) {
      AitLowerer.lower(
              new TinyGraph()
                  .weight("w", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
                  .op("a", "add.Tensor", "x", "w")
                  .op("t", "neg", "a")
                  .op("y", "add.Tensor", "t", "w")
                  .returns("a", "y"),
              settings,
              work,
              step -> {})
          .write(file);
    }
    parts = AitmFile.map(file, mapped).load(LoadSettings.DEFAULT, mapped);
    runner = new Runner(mapped, parts);
  }

  private static NativeTensor filled(float value) {
    float[] values = new float[12];
    Arrays.fill(values, value);
    return TinyGraph.floats(values);
  }

  private void set(float value, Consumer<Runnable> alone) {
    parts.weights().set(Map.of(WEIGHT, filled(value)), alone);
  }

  private void requireWeight(float w) {
    try (Arena arena = Arena.ofConfined();
        SessionState state = new SessionState(parts.face().states())) {
      List<NativeTensor> out = runner.run(List.of(filled(1)), state, runner.into(arena));
      assertThat(TinyGraph.read(out.get(0))).containsOnly(1 + w);
      assertThat(TinyGraph.read(out.get(1))).containsOnly(-1);
    }
  }

  @Test
  void aSwapThatFailsInTheSecondLibraryIsUndoneInTheFirst() {
    load();
    try (Runner open = runner) {
      open.setWeights(Map.of(WEIGHT, filled(2)));
      requireWeight(2);
      Consumer<Runnable> robbed =
          change ->
              runner.alone(
                  () -> {
                    parts.weights().libraries().getLast().swapConstants(); // has none any more
                    change.run();
                  });
      assertThatThrownBy(() -> set(7, robbed)).hasMessageContaining("nothing to swap");
      requireWeight(2);
      assertThatThrownBy(() -> parts.weights().libraries().getFirst().swapConstants())
          .hasMessageContaining("nothing to swap");
      runner.setWeights(Map.of(WEIGHT, filled(3)));
      requireWeight(3);
    }
  }

  @Test
  void closingMeanwhileEndsBoth() {
    load();
    Consumer<Runnable> whileClosing =
        change -> {
          Thread closer = Thread.ofPlatform().daemon().start(runner::close);
          while (!isStuck(closer)) {
            Thread.onSpinWait();
          }
          runner.alone(change);
        };
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () ->
            assertThatThrownBy(() -> set(7, whileClosing))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the module is closed"));
  }

  /** It waits for {@code set} to end, or was done before. */
  private boolean isStuck(Thread closer) {
    return closer.getState() == Thread.State.TERMINATED
        || closer.getState() == Thread.State.BLOCKED && !mapped.scope().isAlive()
        || Arrays.stream(closer.getStackTrace())
            .anyMatch(frame -> frame.getClassName().equals(ModuleWeights.class.getName()));
  }
}
