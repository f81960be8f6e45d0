package io.ait4j.web.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ait4j.web.process.WorkerLimits;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServedModelsTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static TestModels source;

  @TempDir private Path folder;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private ServedModels models;

  @BeforeAll
  static void make(@TempDir Path files) {
    source =
        new TestModels(files)
            .negative("negative", 64)
            .negative("other", 64)
            .runningSum("sum")
            .lookup("lookup")
            .nonzero("nonzero")
            .patient("patient");
  }

  @AfterEach
  void noWorkerStays() throws Exception {
    if (models != null) {
      models.close();
    }
    try (var left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  private void serve(InferenceSettings settings) {
    models = new ServedModels(source, settings, registry);
  }

  private InferenceSettings settings(int pending, long memory, Duration timeout) {
    return settings(pending, memory, timeout, LONG);
  }

  private InferenceSettings settings(
      int pending, long memory, Duration timeout, Duration loadTimeout) {
    return new InferenceSettings(
        folder,
        memory,
        new WorkerLimits(1L << 30, 64L << 20, null),
        1 << 20,
        0,
        1,
        pending,
        8,
        Duration.ofMillis(2),
        timeout,
        loadTimeout);
  }

  private float[] negative(String model, float... rows) throws Exception {
    try (InferenceRequest request = models.begin(models.expect(model, Optional.empty()))) {
      fill(request.input("x", "FP32", new long[] {rows.length / 4, 4}), rows);
      try (InferenceResult result = request.run(LONG, () -> false)) {
        return result.outputs().getFirst().data().toArray(ValueLayout.JAVA_FLOAT);
      }
    }
  }

  private static void fill(MemorySegment memory, float... values) {
    MemorySegment.copy(values, 0, memory, ValueLayout.JAVA_FLOAT, 0, values.length);
  }

  @Test
  void answersManyAtATimeInBatches() throws Exception {
    serve(settings(64, 1L << 40, LONG));
    assertThat(models.describe("negative", Optional.empty()).maxBatch()).isEqualTo(8);
    List<Future<float[]>> answers = new ArrayList<>();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 60; i++) {
        float x = i;
        answers.add(callers.submit(() -> negative("negative", x, 1, 2, 3, -x, 0, 0, x)));
      }
    }
    for (int i = 0; i < 60; i++) {
      float x = i;
      assertThat(answers.get(i).get()).containsExactly(-x, -1, -2, -3, x, -0f, -0f, -x);
    }
    ModelStatistics done = models.statistics(Optional.of("negative")).values().iterator().next();
    assertThat(done.successes()).isEqualTo(60);
    assertThat(done.runs()).isLessThan(60);
  }

  @Test
  void keepsRowsApartThatDependOnEachOther() throws Exception {
    serve(settings(64, 1L << 40, LONG));
    ModelDescription sum = models.describe("sum", Optional.empty());
    assertThat(sum.maxBatch()).isZero();
    assertThat(sum.unbatched()).contains("depends on the other rows");
  }

  @Test
  void servesAModelThatEndsOnSensibleInputsOnly() throws Exception {
    serve(settings(64, 1L << 40, LONG, Duration.ofSeconds(30)));
    ModelDescription patient = models.describe("patient", Optional.empty());
    assertThat(patient.maxBatch()).isZero();
    assertThat(patient.unbatched()).contains("no answer on random rows");
    assertThat(negative("patient", 99, 1, 0, 7)).containsExactly(99, 1, 0, 7);
    assertThat(registry.get("ait4j.inference.worker.deaths").counter().count()).isZero();
  }

  @Test
  void startsNoWorkerThatKeepsDyingUntilItIsLoaded() throws Exception {
    serve(settings(64, 1L << 40, LONG));
    for (int i = 0; i < 3; i++) {
      try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
        Future<ModelDescription> loading =
            callers.submit(() -> models.describe("negative", Optional.empty()));
        while (TestModels.workers().findAny().isEmpty()) {
          Thread.onSpinWait();
        }
        killWorkers();
        assertThat(failure(loading::get)).isEqualTo(InferenceFailed.Reason.UNAVAILABLE);
      }
    }
    InferenceFailed failure =
        catchThrowableOfType(InferenceFailed.class, () -> negative("negative", 1, 2, 3, 4));
    assertThat(failure).hasMessageContaining("3 times in a row");
    assertThat(registry.get("ait4j.inference.worker.deaths").counter().count()).isEqualTo(3);
    models.load("negative", Optional.empty());
    assertThat(negative("negative", 1, 2, 3, 4)).containsExactly(-1, -2, -3, -4);
  }

  private static void killWorkers() {
    TestModels.workers().forEach(ProcessHandle::destroyForcibly);
  }

  private static InferenceFailed.Reason failure(ThrowableAssert.ThrowingCallable call) {
    ExecutionException failure = catchThrowableOfType(ExecutionException.class, call);
    return ((InferenceFailed) failure.getCause()).reason();
  }

  /** Kills the only worker, and waits until that is known. */
  private void killWorker(String model) throws Exception {
    killWorkers();
    while (models.state(model, Optional.empty()).state() == ServedModels.State.READY) {
      Thread.sleep(5);
    }
  }

  @Test
  void failsTheRequestThatItsModelRefuses() throws Exception {
    serve(settings(64, 1L << 40, LONG));
    InferenceFailed failure = catchThrowableOfType(InferenceFailed.class, () -> lookup(0, 10, 9));
    assertThat(failure.reason()).isEqualTo(InferenceFailed.Reason.MODEL_FAILED);
    assertThat(lookup(0, 9, 1)).containsExactly(0, 0, 0, 0, 9, 9, 9, 9, 1, 1, 1, 1);
  }

  private float[] lookup(long... numbers) throws Exception {
    try (InferenceRequest request = models.begin(models.expect("lookup", Optional.of("1")))) {
      MemorySegment table = request.input("table", "FP32", new long[] {10, 4});
      for (int i = 0; i < 40; i++) {
        table.setAtIndex(ValueLayout.JAVA_FLOAT, i, i / 4);
      }
      MemorySegment.copy(
          numbers,
          0,
          request.input("numbers", "INT64", new long[] {3}),
          ValueLayout.JAVA_LONG,
          0,
          3);
      try (InferenceResult result = request.run(LONG, () -> false)) {
        return result.outputs().getFirst().data().toArray(ValueLayout.JAVA_FLOAT);
      }
    }
  }

  @Test
  void unloadsTheModelThatNobodyUsedForLongest() throws Exception {
    serve(settings(64, 400L << 20, LONG)); // room for one
    negative("negative", 1, 2, 3, 4);
    negative("other", 1, 2, 3, 4);
    assertThat(models.state("negative", Optional.empty()).reason())
        .isEqualTo(ServedModels.NOT_LOADED);
    assertThat(models.state("other", Optional.empty()).state()).isEqualTo(ServedModels.State.READY);
    try (InferenceRequest used = models.begin(models.expect("other", Optional.empty()))) {
      InferenceFailed failure =
          catchThrowableOfType(
              InferenceFailed.class,
              () -> models.begin(models.expect("negative", Optional.empty())));
      assertThat(failure.reason()).isEqualTo(InferenceFailed.Reason.UNAVAILABLE);
      assertThat(failure).hasMessageContaining("the models in use leave less");
    }
    unloadsWhenThoseWhoAskedHaveTheirAnswers("other");
  }

  private void unloadsWhenThoseWhoAskedHaveTheirAnswers(String model) throws Exception {
    Thread unloading;
    try (InferenceRequest request = models.begin(models.expect(model, Optional.empty()))) {
      unloading =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      models.unload(model);
                    } catch (InferenceFailed e) {
                      throw new IllegalStateException(e);
                    }
                  });
      while (unloading.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
      fill(request.input("x", "FP32", new long[] {1, 4}), 1, 2, 3, 4);
      try (InferenceResult result = request.run(LONG, () -> false)) {
        assertThat(result.outputs().getFirst().sizes()).containsExactly(1, 4);
      }
    }
    unloading.join();
    assertThat(models.state(model, Optional.empty()).reason()).isEqualTo(ServedModels.NOT_LOADED);
    assertThat(models.statistics(Optional.of(model))).isEmpty();
  }

  @Test
  void refusesWhatIsNoModel() throws Exception {
    Path junk = Files.writeString(folder.resolveSibling("junk.aitm"), "junk");
    source.add("junk", junk);
    serve(settings(64, 1L << 40, LONG));
    InferenceFailed failure =
        catchThrowableOfType(
            InferenceFailed.class, () -> models.describe("junk", Optional.empty()));
    assertThat(failure.reason()).isEqualTo(InferenceFailed.Reason.UNAVAILABLE);
    assertThat(models.state("junk", Optional.empty()).reason()).contains("cannot be loaded");
  }

  @Test
  void refusesWhatWouldWaitTooLongAndEndsAWorkerThatHangs() throws Exception {
    serve(settings(1, 1L << 40, Duration.ofSeconds(3)));
    negative("negative", 1, 2, 3, 4);
    TestModels.signalWorkers("STOP");
    List<Future<float[]>> answers = new ArrayList<>();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 20; i++) {
        answers.add(callers.submit(() -> negative("negative", 1, 2, 3, 4)));
      }
    }
    List<InferenceFailed.Reason> reasons = new ArrayList<>();
    for (Future<float[]> answer : answers) {
      if (answer.state() == Future.State.FAILED) {
        reasons.add(((InferenceFailed) answer.exceptionNow()).reason());
      }
    }
    assertThat(reasons).contains(InferenceFailed.Reason.TIMEOUT);
    reasons.removeIf(InferenceFailed.Reason.BUSY::equals);
    assertThat(reasons).as("one that runs, and one that waits").hasSizeLessThanOrEqualTo(2);
    killWorker("negative"); // if the kernel has not done it yet
    assertThat(negative("negative", 1, 2, 3, 4)).containsExactly(-1, -2, -3, -4);
  }

  @Test
  void givesOutputsWhoseSizeOnlyARunTells() throws Exception {
    serve(settings(64, 1L << 40, LONG));
    assertThat(models.describe("nonzero", Optional.empty()).outputs().getFirst().oipShape())
        .containsExactly(-1, -1);
    assertThat(nonzero(0, 5, 0, 7)).containsExactly(1, 3);
    assertThat(nonzero(0, 0, 0, 0)).isEmpty();
  }

  private long[] nonzero(float... row) throws Exception {
    try (InferenceRequest request = models.begin(models.expect("nonzero", Optional.empty()))) {
      fill(request.input("x", "FP32", new long[] {4}), row);
      try (InferenceResult result = request.run(LONG, () -> false)) {
        return result.outputs().getFirst().data().toArray(ValueLayout.JAVA_LONG);
      }
    }
  }
}
