package io.ait4j.web.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.web.convert.ConversionFailed;
import io.ait4j.web.convert.Converter;
import io.ait4j.web.convert.Stage;
import io.ait4j.web.database.Database;
import io.ait4j.web.database.DatabaseSettings;
import io.ait4j.web.database.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PeersTest {
  private static final Converter GOOD = (task, listener) -> TestQueue.result(task);

  @TempDir Path folder;

  private final CountDownLatch go = new CountDownLatch(1);

  @ParameterizedTest
  @EnumSource
  void takesUpWhatAKilledServerLeftBehind(TestDatabase kind) throws Exception {
    DatabaseSettings settings = kind.fresh(folder);
    Peer.die(folder, settings, List.of("m"));
    Path scratch = folder.resolve("scratch");
    try (Stream<Path> left = Files.list(scratch)) {
      assertThat(left).anyMatch(Files::isDirectory);
    }
    try (TestQueue test = new TestQueue(folder, settings, GOOD)) {
      try (Stream<Path> left = Files.list(scratch)) {
        assertThat(left.filter(Files::isDirectory)).hasSize(1);
      }
      Job job = only(test);
      Job done = test.await(job.id(), JobState.SUCCEEDED);
      assertThat(done.attempts()).isEqualTo(2);
      assertThat(done.worker()).isEqualTo("server");
      assertThat(test.content(done.artifact().orElseThrow().key())).isEqualTo("converted m");
    }
  }

  @Test
  void givesUpWhatHasKilledThreeServers() throws Exception {
    DatabaseSettings settings = TestDatabase.EMBEDDED.fresh(folder);
    Peer.die(folder, settings, List.of("m"));
    try (Database database = Database.open(settings)) { // as if two had died before
      database.run(handle -> handle.execute("UPDATE work SET crashes = 2, attempts = 3"));
    }
    try (TestQueue test = new TestQueue(folder, settings, GOOD)) {
      Job job = test.await(only(test).id(), JobState.FAILED);
      assertThat(job.failure().orElseThrow().cause()).isEqualTo(ConversionFailed.Cause.CRASH);
      assertThat(job.failure().orElseThrow().detail()).contains("3 times", "peer");
      assertThat(job.attempts()).isEqualTo(3);
      // The server itself is well.
      test.await(test.submit("me", "other", null).id(), JobState.SUCCEEDED);
    }
  }

  private static Job only(TestQueue test) {
    List<Job> jobs = test.queue.list(Optional.empty(), Optional.empty(), Optional.empty(), 9);
    assertThat(jobs).hasSize(1);
    return jobs.getFirst();
  }

  @Test
  void serversShareTheWorkAndCancelOnEachOther() throws Exception {
    DatabaseSettings settings = TestDatabase.POSTGRESQL.fresh(folder);
    Converter waiting =
        (task, listener) -> {
          listener.progress(Stage.IMPORT, 1, "waits");
          go.await();
          return TestQueue.result(task);
        };
    try (TestQueue one = peer(settings, waiting, "one");
        TestQueue two = peer(settings, waiting, "two")) {
      List<String> jobs = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        jobs.add(one.submit("me", "m" + i, null).id());
      }
      TestQueue.await(() -> two.queue.load().running() == 2, () -> two.queue.load().toString());
      List<Job> running =
          one.queue.list(Optional.empty(), Optional.of(JobState.RUNNING), Optional.empty(), 9);
      assertThat(running).extracting(Job::worker).containsExactlyInAnyOrder("one", "two");

      Job onTwo =
          running.stream().filter(job -> job.worker().equals("two")).findFirst().orElseThrow();
      assertThat(one.queue.cancel(onTwo.id())).isTrue();
      // Its thread is free for the third.
      jobs.remove(onTwo.id());
      for (String job : jobs) {
        one.await(job, JobState.RUNNING);
      }
      go.countDown();
      for (String job : jobs) {
        assertThat(two.await(job, JobState.SUCCEEDED).attempts()).isEqualTo(1);
      }
      assertThat(two.queue.find(onTwo.id()).orElseThrow().state()).isEqualTo(JobState.CANCELLED);
    }
  }

  private TestQueue peer(DatabaseSettings settings, Converter converter, String name) {
    return new TestQueue(folder, settings, converter, Retention.FOREVER, name, 1);
  }

  @ParameterizedTest
  @EnumSource
  void whatRunsWhenAServerStopsGoesBackIntoTheQueue(TestDatabase kind) throws Exception {
    DatabaseSettings settings = kind.fresh(folder);
    Converter waiting =
        (task, listener) -> {
          go.await();
          return TestQueue.result(task);
        };
    String id;
    try (TestQueue test = peer(settings, waiting, "first")) {
      id = test.submit("me", "m", null).id();
      test.await(id, JobState.RUNNING);
      test.queue.drain(Duration.ZERO);
      assertThat(test.queue.find(id).orElseThrow().state()).isEqualTo(JobState.QUEUED);
      test.submit("me", "n", null); // requests are still answered
    }
    go.countDown();
    try (TestQueue test = peer(settings, waiting, "second")) {
      Job job = test.await(id, JobState.SUCCEEDED);
      assertThat(job.attempts()).isEqualTo(2);
      assertThat(job.worker()).isEqualTo("second");
      for (Job other : test.queue.list(Optional.empty(), Optional.empty(), Optional.empty(), 9)) {
        test.await(other.id(), JobState.SUCCEEDED);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDrainingServerFinishesWhatItCan(TestDatabase kind) throws Exception {
    Converter waiting =
        (task, listener) -> {
          go.await();
          return TestQueue.result(task);
        };
    try (TestQueue test = peer(kind.fresh(folder), waiting, "server")) {
      String runs = test.submit("me", "m", null).id();
      String waits = test.submit("me", "n", null).id();
      test.await(runs, JobState.RUNNING);
      CompletableFuture<Void> drained =
          CompletableFuture.runAsync(() -> test.queue.drain(Duration.ofMinutes(5)));
      go.countDown();
      drained.join();
      assertThat(test.queue.find(runs).orElseThrow().state()).isEqualTo(JobState.SUCCEEDED);
      assertThat(test.queue.find(waits).orElseThrow().state())
          .isIn(JobState.QUEUED, JobState.SUCCEEDED);
    }
  }
}
