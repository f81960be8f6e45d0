package io.ait4j.compiler;

import static io.ait4j.compiler.AffineLibrary.floats;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.compiler.ConstantInfo.Use;
import io.ait4j.fx.DType;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** New values for constants of y = x * scale + c, where c = raw + 1 is folded. */
class ModuleConstantsTest {
  private static final float[] X = {1, -2, 3, 4, 5, 6, 7.5f, 8, 9, 10, 11, -12};

  @TempDir static Path cache;
  private static Path library;

  private final Arena arena = Arena.ofAuto();
  private AitModule module;

  @BeforeAll
  static void buildLibrary() {
    library = AffineLibrary.build(cache);
  }

  @BeforeEach
  void load() {
    List<Constant> raw = AffineLibrary.constants(arena, 2, 0, 1, 2, 3);
    List<Constant> all = new ArrayList<>(AitModule.fold(library, raw, arena, step -> List.of()));
    all.addAll(raw.stream().filter(constant -> constant.name().equals("raw")).toList());
    module = AitModule.load(library, all);
  }

  @AfterEach
  void close() {
    module.close();
  }

  private float[] y() {
    return y(Arena.ofAuto());
  }

  private float[] y(Arena own) {
    NativeTensor x = NativeTensor.contiguous(DType.FLOAT32, new long[] {3, 4}, floats(own, X));
    NativeTensor y =
        NativeTensor.contiguous(DType.FLOAT32, new long[] {3, 4}, own.allocate(48, 64));
    NativeTensor s = NativeTensor.contiguous(DType.FLOAT32, new long[0], own.allocate(4, 4));
    module.run(List.of(x), List.of(y, s));
    return y.data().toArray(JAVA_FLOAT);
  }

  private static float[] expected(float scale, float... raw) {
    return AffineLibrary.expected(X, scale, raw);
  }

  private List<Constant> values(float scale, float... raw) {
    return AffineLibrary.constants(arena, scale, raw);
  }

  @Test
  void tellsWhatMayBeSet() {
    assertThat(module.constants())
        .containsExactlyInAnyOrder(
            new ConstantInfo("raw", DType.FLOAT32, 16, Use.FOLDING, true, false),
            new ConstantInfo("scale", DType.FLOAT32, 4, Use.RUNS, false, false),
            new ConstantInfo("c", DType.FLOAT32, 16, Use.FOLDED, false, false));
  }

  @Test
  void aNewValueCountsFromTheNextRunAndForFoldsFromTheNextFold() {
    module.setConstants(values(3, 10, 11, 12, 13));
    assertThat(y()).containsExactly(expected(3, 0, 1, 2, 3));
    module.foldConstants();
    assertThat(y()).containsExactly(expected(3, 10, 11, 12, 13));
  }

  @Test
  void stagedValuesCountOnceTheyAreSwappedIn() {
    module.stageConstants(values(3, 10, 11, 12, 13));
    assertThat(y()).containsExactly(expected(2, 0, 1, 2, 3));
    assertThatThrownBy(module::swapConstants)
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("not folded");
    module.foldStagedConstants();
    assertThat(y()).containsExactly(expected(2, 0, 1, 2, 3));
    module.swapConstants();
    assertThat(y()).containsExactly(expected(3, 10, 11, 12, 13));
    assertThatThrownBy(module::swapConstants)
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("nothing to swap");
    module.stageConstants(List.of(floats(arena, "scale", 7)));
    module.swapConstants();
    assertThat(y()).containsExactly(expected(7, 10, 11, 12, 13));
  }

  @Test
  void whatDoesNotFitChangesNothing() {
    assertThatThrownBy(
            () -> module.setConstants(List.of(floats(arena, "scale", 9), floats(arena, "no", 1))))
        .isInstanceOf(ModelException.class)
        .hasMessage("the library has no constant no");
    assertThatThrownBy(() -> module.stageConstants(List.of(floats(arena, "scale", 9, 9))))
        .isInstanceOf(ModelException.class)
        .hasMessage("constant scale: expected 4 bytes of float32, got 8 of float32");
    assertThat(y()).containsExactly(expected(2, 0, 1, 2, 3));
  }

  @Test
  void whatWasFoldedWhenCompiledCannotBeFoldedAnew() {
    List<Constant> folded =
        AitModule.fold(library, values(2, 0, 1, 2, 3), arena, step -> List.of());
    try (AitModule bare = AitModule.load(library, folded)) {
      assertThatThrownBy(bare::foldConstants)
          .isInstanceOfSatisfying(
              ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.USAGE))
          .hasMessageContaining("constant raw was folded")
          .hasMessageContaining("--constants updatable");
      bare.stageConstants(List.of(floats(arena, "raw", 1, 1, 1, 1)));
      bare.foldStagedConstants();
      bare.swapConstants();
    }
  }

  /** Each result is wholly of one generation: scale and c = raw + 1 are both k. */
  @Test
  void noRunEverSeesHalfASwap() throws Exception {
    module.setConstants(values(0, -1, -1, -1, -1));
    module.foldConstants();
    AtomicBoolean done = new AtomicBoolean();
    CountDownLatch begun = new CountDownLatch(3);
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      List<Future<Integer>> runs = new ArrayList<>();
      try {
        for (int t = 0; t < 3; t++) {
          runs.add(threads.submit(() -> generations(done, begun)));
        }
        assertThat(begun.await(60, TimeUnit.SECONDS)).as("all have run once").isTrue();
        for (int k = 1; k <= 100; k++) {
          // The memory goes as soon as it is replaced: a run that still read it would see garbage.
          try (Arena brief = Arena.ofShared()) {
            module.stageConstants(
                List.of(
                    floats(arena, "raw", k - 1, k - 1, k - 1, k - 1), floats(brief, "scale", k)));
            module.foldStagedConstants();
            module.swapConstants();
            module.setConstants(List.of(floats(arena, "scale", k)));
          }
        }
      } finally {
        done.set(true);
      }
      for (Future<Integer> run : runs) {
        assertThat(run.get()).isPositive();
      }
    }
  }

  /** How many there were, of which each run saw one. */
  private int generations(AtomicBoolean done, CountDownLatch begun) {
    int seen = 0;
    float last = -1;
    while (!done.get()) {
      try (Arena own = Arena.ofConfined()) {
        float[] y = y(own);
        float k = y[0] / 2; // 1 * k + k
        assertThat(y).containsExactly(expected(k, k - 1, k - 1, k - 1, k - 1));
        assertThat(k).isGreaterThanOrEqualTo(last);
        if (seen == 0) {
          begun.countDown();
        }
        seen += k > last ? 1 : 0;
        last = k;
      }
    }
    return seen;
  }

  @Test
  void aClosedModuleTakesNoConstants() {
    module.close();
    assertThatThrownBy(() -> module.setConstants(values(1, 1, 1, 1, 1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the module is closed");
    assertThatThrownBy(module::swapConstants).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(module::trim).isInstanceOf(IllegalStateException.class);
  }
}
