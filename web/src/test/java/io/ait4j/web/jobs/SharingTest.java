package io.ait4j.web.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.web.convert.ConversionFailed;
import io.ait4j.web.convert.Converter;
import io.ait4j.web.convert.Stage;
import io.ait4j.web.database.TestDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SharingTest {
  @TempDir Path folder;

  private final AtomicInteger conversions = new AtomicInteger();
  private final CountDownLatch go = new CountDownLatch(1);
  private final Converter waiting =
      (task, listener) -> {
        conversions.incrementAndGet();
        listener.progress(Stage.IMPORT, 7, "reading");
        go.await();
        return TestQueue.result(task);
      };

  @ParameterizedTest
  @EnumSource
  void identicalRequestsAreConvertedOnce(TestDatabase kind) throws Exception {
    try (TestQueue test = new TestQueue(folder, kind.fresh(folder), waiting)) {
      Job first = test.submit("me", "m", "a");
      test.await(first.id(), JobState.RUNNING);
      Job during = test.submit("me", "m", "b");
      assertThat(during.state()).isEqualTo(JobState.RUNNING);
      assertThat(during.sharedWith()).contains(first.id());
      go.countDown();
      test.await(first.id(), JobState.SUCCEEDED);
      Job waited = test.await(during.id(), JobState.SUCCEEDED);
      Job after = test.submit("me", "m", "a");
      assertThat(after.state()).isEqualTo(JobState.SUCCEEDED);
      assertThat(after.finished().orElseThrow()).isEqualTo(after.created());
      assertThat(conversions).hasValue(1);

      assertThat(waited.artifact()).isEqualTo(test.queue.find(first.id()).orElseThrow().artifact());
      assertThat(after.artifact()).isEqualTo(waited.artifact());
      assertThat(List.of(waited.modelVersion(), after.modelVersion())).containsExactly(1, 2);
      assertThat(test.queue.findModel("a", Optional.empty()).orElseThrow().id())
          .isEqualTo(after.id());
      assertThat(test.queue.events(after.id(), 0, 99).getLast().state())
          .isEqualTo(JobState.SUCCEEDED);

      // The result stays until the last job that shares it goes.
      String key = after.artifact().orElseThrow().key();
      assertThat(test.queue.delete(first.id())).isTrue();
      assertThat(test.queue.delete(during.id())).isTrue();
      assertThat(test.queue.find(after.id()).orElseThrow().sharedWith()).isEmpty();
      assertThat(test.content(key)).isEqualTo("converted m");
      assertThat(test.queue.delete(after.id())).isTrue();
      assertThat(test.store.size(key)).isEmpty();
      assertThat(test.queue.models()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void othersShareNothing(TestDatabase kind) throws Exception {
    go.countDown();
    try (TestQueue test = new TestQueue(folder, kind.fresh(folder), waiting)) {
      Job mine = test.await(test.submit("me", "m", "a").id(), JobState.SUCCEEDED);
      Job theirs = test.await(test.submit("they", "m", "b").id(), JobState.SUCCEEDED);
      assertThat(theirs.sharedWith()).isEmpty();
      assertThat(theirs.artifact()).isNotEqualTo(mine.artifact());
      assertThat(conversions).hasValue(2);
      assertThat(mine.model().key()).isEqualTo(theirs.model().key());

      assertThatThrownBy(() -> test.submit("they", "n", "a")).isInstanceOf(NameTaken.class);
      assertThatThrownBy(() -> test.submit("they", "n", mine.id())).isInstanceOf(NameTaken.class);
      assertThat(test.queue.delete(mine.id())).isTrue();
      assertThat(test.submit("they", "n", "a").modelName()).isEqualTo("a");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCancelledJobDoesNotStopTheOthersThatShareIt(TestDatabase kind) throws Exception {
    try (TestQueue test = new TestQueue(folder, kind.fresh(folder), waiting)) {
      Job first = test.submit("me", "m", "a");
      Job second = test.submit("me", "m", "a");
      test.await(first.id(), JobState.RUNNING);
      assertThat(test.queue.delete(first.id())).isFalse();
      assertThat(test.queue.cancel(first.id())).isTrue();
      assertThat(test.queue.cancel(first.id())).isFalse();
      Job cancelled = test.queue.find(first.id()).orElseThrow();
      assertThat(cancelled.state()).isEqualTo(JobState.CANCELLED);
      assertThat(test.queue.events(first.id(), 0, 99).getLast().state())
          .isEqualTo(JobState.CANCELLED);
      go.countDown();
      Job done = test.await(second.id(), JobState.SUCCEEDED);
      assertThat(done.modelVersion()).isEqualTo(1);
      assertThat(done.attempts()).isEqualTo(1);
      assertThat(test.queue.find(first.id()).orElseThrow().artifact()).isEmpty();
      assertThat(test.queue.events(first.id(), 0, 99).getLast().state())
          .isEqualTo(JobState.CANCELLED);
      assertThat(test.queue.cancel(second.id())).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void cancellingTheLastJobInterruptsTheConversion(TestDatabase kind) throws Exception {
    try (TestQueue test = new TestQueue(folder, kind.fresh(folder), waiting)) {
      Job job = test.submit("me", "m", "a");
      TestQueue.await(() -> conversions.get() == 1, conversions::toString);
      assertThat(test.queue.cancel(job.id())).isTrue();
      TestQueue.await(() -> test.queue.load().running() == 0, () -> test.queue.load().toString());
      Job again = test.submit("me", "m", "a");
      assertThat(again.sharedWith()).isEmpty();
      test.await(again.id(), JobState.RUNNING);
      go.countDown();
      assertThat(test.await(again.id(), JobState.SUCCEEDED).modelVersion()).isEqualTo(1);
      assertThat(test.queue.find(job.id()).orElseThrow().state()).isEqualTo(JobState.CANCELLED);
      assertThat(conversions).hasValue(2);
    }
  }

  @Test
  void aFailureIsNotShared() throws Exception {
    Converter failing =
        (task, listener) -> {
          if (conversions.incrementAndGet() == 1) {
            throw new ConversionFailed(ConversionFailed.Cause.TIME_LIMIT, "took too long");
          }
          return TestQueue.result(task);
        };
    try (TestQueue test = new TestQueue(folder, TestDatabase.EMBEDDED.fresh(folder), failing)) {
      test.await(test.submit("me", "m", "a").id(), JobState.FAILED);
      test.await(test.submit("me", "m", "a").id(), JobState.SUCCEEDED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void oneOfManyRacersWithAKeyMakesTheJob(TestDatabase kind) throws Exception {
    go.countDown();
    try (TestQueue test = new TestQueue(folder, kind.fresh(folder), waiting);
        ExecutorService threads = Executors.newFixedThreadPool(8)) {
      Submission submission = test.submission("me", "m", "a", Optional.of("key"));
      List<Callable<Jobs.Submitted>> racers =
          IntStream.range(0, 24)
              .<Callable<Jobs.Submitted>>mapToObj(i -> () -> test.queue.submit(submission))
              .toList();
      List<Jobs.Submitted> all = new ArrayList<>();
      for (Future<Jobs.Submitted> racer : threads.invokeAll(racers)) {
        all.add(racer.get());
      }
      assertThat(all).filteredOn(submitted -> !submitted.repeated()).hasSize(1);
      assertThat(all)
          .extracting(submitted -> submitted.job().id())
          .containsOnly(all.get(0).job().id());

      Submission other = test.submission("me", "m2", "a", Optional.of("key"));
      assertThatThrownBy(() -> test.queue.submit(other))
          .isInstanceOf(IdempotencyConflict.class)
          .hasMessageContaining(all.get(0).job().id());
      Submission theirs = test.submission("they", "m2", "b", Optional.of("key"));
      assertThat(test.queue.submit(theirs).repeated()).isFalse();
      test.await(all.get(0).job().id(), JobState.SUCCEEDED);
      assertThat(test.queue.delete(all.get(0).job().id())).isTrue();
      assertThat(test.queue.submit(other).repeated()).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void versionsOfAModelAreCountedOnceEachHoweverManyEndAtOnce(TestDatabase kind) throws Exception {
    go.countDown();
    try (TestQueue test = new TestQueue(folder, kind.fresh(folder), waiting);
        ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Callable<Job>> racers =
          IntStream.range(0, 16)
              .<Callable<Job>>mapToObj(i -> () -> test.submit("me", "m" + i % 4, "a"))
              .toList();
      List<String> ids = new ArrayList<>();
      for (Future<Job> racer : threads.invokeAll(racers)) {
        ids.add(racer.get().id());
      }
      assertThat(ids)
          .extracting(id -> test.await(id, JobState.SUCCEEDED).modelVersion())
          .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, 16).boxed().toList());
      assertThat(conversions).hasValue(4);
      assertThat(test.queue.models()).hasSize(1);
      assertThat(test.queue.models().getFirst().modelVersion()).isEqualTo(16);
      long uploads =
          test.files().stream().filter(file -> file.toString().contains("uploads")).count();
      assertThat(uploads).isEqualTo(4);

      for (Future<Boolean> deleted :
          threads.invokeAll(
              ids.stream().<Callable<Boolean>>map(id -> () -> test.queue.delete(id)).toList())) {
        assertThat(deleted.get()).isTrue();
      }
      assertThat(test.files()).noneMatch(file -> file.toString().contains("results"));
    }
  }
}
