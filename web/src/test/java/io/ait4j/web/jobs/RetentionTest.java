package io.ait4j.web.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.web.access.AuditLog;
import io.ait4j.web.convert.ConversionFailed;
import io.ait4j.web.convert.Converter;
import io.ait4j.web.database.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RetentionTest {
  private static final Optional<Duration> NOW = Optional.of(Duration.ofSeconds(-1));
  private static final Optional<Duration> LATER = Optional.of(Duration.ofDays(1));

  @TempDir Path folder;

  private final CountDownLatch go = new CountDownLatch(1);
  private final Converter converter =
      (task, listener) -> {
        switch (TestQueue.text(task.model())) {
          case "bad" -> throw new ConversionFailed(ConversionFailed.Cause.RUN, "bad");
          case "slow" -> go.await();
          default -> {}
        }
        return TestQueue.result(task);
      };

  @ParameterizedTest
  @EnumSource
  void oldThingsGoButForWhatIsServedByANameOrNotDone(TestDatabase kind) throws Exception {
    try (TestQueue test = new TestQueue(folder, kind.fresh(folder), converter)) {
      String slow = test.submit("me", "slow", "a").id();
      String old = test.await(test.submit("me", "1", "a").id(), JobState.SUCCEEDED).id();
      String newest = test.await(test.submit("me", "2", "a").id(), JobState.SUCCEEDED).id();
      String unnamed = test.await(test.submit("me", "3", null).id(), JobState.SUCCEEDED).id();
      String bad = test.await(test.submit("me", "bad", "b").id(), JobState.FAILED).id();
      new AuditLog(test.database).add(new AuditLog.Entry(Instant.now(), "", "", "", "", 200));
      int files = test.files().size();

      test.queue.clean(new Retention(LATER, LATER, LATER, LATER));
      test.queue.clean(Retention.FOREVER);
      assertThat(test.files()).hasSize(files);

      test.queue.clean(new Retention(Optional.empty(), NOW, Optional.empty(), Optional.empty()));
      assertThat(test.queue.find(old).orElseThrow().artifact()).isEmpty();
      assertThat(test.queue.find(old).orElseThrow().state()).isEqualTo(JobState.SUCCEEDED);
      assertThat(test.queue.find(unnamed).orElseThrow().artifact()).isEmpty();
      assertThat(test.queue.find(newest).orElseThrow().artifact()).isPresent();
      assertThat(test.queue.models()).extracting(Job::id).containsExactly(newest);
      assertThat(test.files().stream().filter(f -> f.toString().contains("results"))).hasSize(3);
      // What is not there any more is not shared, but made again.
      String again = test.await(test.submit("me", "3", null).id(), JobState.SUCCEEDED).id();
      assertThat(test.queue.find(again).orElseThrow().artifact()).isPresent();

      test.queue.clean(new Retention(NOW, Optional.empty(), NOW, NOW));
      assertThat(test.queue.list(Optional.empty(), Optional.empty(), Optional.empty(), 9))
          .extracting(Job::id)
          .containsExactlyInAnyOrder(slow, newest);
      assertThat(test.queue.find(bad)).isEmpty();
      assertThat(new AuditLog(test.database).list(Optional.empty(), 9)).isEmpty();
      assertThat(test.files().stream().filter(f -> f.toString().contains("results"))).hasSize(3);
      // The one that runs still needs its upload.
      assertThat(test.files().stream().filter(f -> f.toString().contains("uploads"))).hasSize(1);
      go.countDown();
      Job done = test.await(slow, JobState.SUCCEEDED);
      assertThat(done.modelVersion()).isEqualTo(3);
      assertThat(done.model().bytes()).isEqualTo("slow".length());
      test.queue.clean(new Retention(NOW, Optional.empty(), NOW, NOW));
      assertThat(test.files().stream().filter(f -> f.toString().contains("uploads"))).isEmpty();
      assertThat(test.queue.models()).extracting(Job::id).containsExactly(slow);
    }
  }
}
