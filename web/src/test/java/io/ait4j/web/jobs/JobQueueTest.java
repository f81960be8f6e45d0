package io.ait4j.web.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.web.convert.ConversionFailed;
import io.ait4j.web.convert.ConversionSettings;
import io.ait4j.web.convert.Converter;
import io.ait4j.web.convert.Stage;
import io.ait4j.web.database.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JobQueueTest {
  private static final String HOSTILE = "../../x'; DROP TABLE job; --\0\r\nSet-Cookie: a\"\\%s${x}";
  private static final Converter GOOD = (task, listener) -> TestQueue.result(task);

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void convertsWhatIsSubmitted(TestDatabase kind) throws Exception {
    Converter converter =
        (task, listener) -> {
          assertThat(task.folder()).isEmptyDirectory();
          assertThat(task.samples()).hasSize(2).allMatch(Files::isRegularFile);
          assertThat(TestQueue.text(task.weights().orElseThrow())).isEqualTo("w");
          listener.progress(Stage.IMPORT, 10, "reading");
          listener.log("a line");
          listener.progress(Stage.COMPILE, 50, "compiling");
          listener.log(HOSTILE);
          return TestQueue.result(task);
        };
    try (TestQueue test = new TestQueue(folder, kind.fresh(folder), converter)) {
      Upload model = test.upload("me", HOSTILE, "m");
      ConversionSettings settings =
          new ConversionSettings(
              "Name-1.x",
              List.of("x=float32[1]"),
              null,
              "fp16",
              null,
              null,
              null,
              null,
              3,
              List.of(HOSTILE),
              true,
              null,
              true);
      Submission submission =
          new Submission(
              HOSTILE,
              model,
              Optional.of(test.upload("me", "w", "w")),
              List.of(test.upload("me", "s1", "s1"), test.upload("me", "s0", "s0")),
              settings,
              Optional.of(HOSTILE));
      Job queued = test.queue.submit(submission).job();
      Job job = test.await(queued.id(), JobState.SUCCEEDED);

      assertThat(job.model().name()).isEqualTo(HOSTILE.replace('\0', '\uFFFD'));
      assertThat(job.samples()).extracting(Upload::name).containsExactly("s1", "s0");
      assertThat(job.settings().excludeOps()).containsExactly(HOSTILE);
      assertThat(job.settings().minPartitionSize()).isEqualTo(3);
      assertThat(job.modelVersion()).isEqualTo(1);
      assertThat(job.percent()).isEqualTo(100);
      assertThat(job.attempts()).isEqualTo(1);
      assertThat(job.worker()).isEqualTo("server");
      assertThat(job.seconds()).containsEntry("import", 0.25);
      assertThat(job.created()).isBeforeOrEqualTo(job.started().orElseThrow());
      assertThat(job.started().orElseThrow()).isBeforeOrEqualTo(job.finished().orElseThrow());
      Job.Artifact artifact = job.artifact().orElseThrow();
      assertThat(test.content(artifact.key())).isEqualTo("converted m");
      assertThat(artifact.sha256()).isEqualTo(TestQueue.sha256("converted m"));
      assertThat(artifact.bytes()).isEqualTo("converted m".length());
      assertThat(test.content(artifact.reportJsonKey())).isEqualTo("{}");
      assertThat(test.content(artifact.measurementsKey().orElseThrow())).contains("kernels");

      List<JobEvent> events = test.queue.events(job.id(), 0, 100);
      assertThat(events).extracting(JobEvent::number).isSorted().doesNotHaveDuplicates();
      assertThat(events.getFirst().state()).isEqualTo(JobState.QUEUED);
      assertThat(events.getLast().state()).isEqualTo(JobState.SUCCEEDED);
      assertThat(events)
          .filteredOn(event -> event.kind().equals("progress"))
          .extracting(JobEvent::percent)
          .containsExactly(10, 50);
      assertThat(test.queue.events(job.id(), events.get(1).number(), 1))
          .containsExactly(events.get(2));
      assertThat(test.queue.logTail(job.id(), 1)).containsExactly(HOSTILE.replace('\0', '\uFFFD'));
      assertThat(test.queue.logTail(job.id(), 9)).hasSize(2).startsWith("a line");
      assertThat(folder.resolve("scratch"))
          .isDirectoryNotContaining(path -> Files.isDirectory(path) && !isEmptyButForItsLock(path));
    }
  }

  private static boolean isEmptyButForItsLock(Path path) {
    return path.toFile().list().length == 1;
  }

  @ParameterizedTest
  @EnumSource
  void listsJobsByOwnerAndState(TestDatabase kind) throws Exception {
    CountDownLatch begin = new CountDownLatch(1);
    Converter converter =
        (task, listener) -> {
          if (TestQueue.text(task.model()).equals("bad")) {
            throw new ConversionFailed(ConversionFailed.Cause.IMPORT, HOSTILE);
          }
          begin.await();
          return TestQueue.result(task);
        };
    try (TestQueue test = new TestQueue(folder, kind.fresh(folder), converter)) {
      String bad = test.submit("me", "bad", null).id();
      Job failed = test.await(bad, JobState.FAILED);
      assertThat(failed.failure().orElseThrow().cause()).isEqualTo(ConversionFailed.Cause.IMPORT);
      assertThat(failed.failure().orElseThrow().detail())
          .isEqualTo(HOSTILE.replace('\0', '\uFFFD'));
      String one = test.submit("me", "1", null).id();
      String two = test.submit("other", "2", null).id();
      String three = test.submit("me", "3", null).id();
      test.await(one, JobState.RUNNING);
      test.await(two, JobState.RUNNING);
      assertThat(test.queue.load()).isEqualTo(new Jobs.Load(1, 2));
      begin.countDown();
      test.await(three, JobState.SUCCEEDED);
      test.await(one, JobState.SUCCEEDED);

      assertThat(ids(test, Optional.of("me"), Optional.empty(), Optional.empty(), 9))
          .containsExactly(three, one, bad);
      assertThat(ids(test, Optional.empty(), Optional.empty(), Optional.of(three), 2))
          .containsExactly(two, one);
      assertThat(ids(test, Optional.of("me"), Optional.of(JobState.FAILED), Optional.empty(), 9))
          .containsExactly(bad);
      assertThat(ids(test, Optional.of("' OR '1'='1"), Optional.empty(), Optional.empty(), 9))
          .isEmpty();
      assertThat(test.queue.find("' OR '1'='1\0")).isEmpty();
      assertThat(test.queue.models()).extracting(Job::id).containsExactly(one, two, three);
      assertThat(test.queue.findModel(one, Optional.of(1))).isPresent();
      assertThat(test.queue.findModel(one, Optional.of(2))).isEmpty();
    }
  }

  private static List<String> ids(
      TestQueue test,
      Optional<String> owner,
      Optional<JobState> state,
      Optional<String> before,
      int limit) {
    return test.queue.list(owner, state, before, limit).stream().map(Job::id).toList();
  }

  @ParameterizedTest
  @EnumSource
  void givesUpWhenTheWorkerHasDiedThreeTimes(TestDatabase kind) throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    Converter converter =
        (task, listener) -> {
          attempts.incrementAndGet();
          throw new ConversionFailed(ConversionFailed.Cause.CRASH, "the worker got SIGSEGV");
        };
    try (TestQueue test = new TestQueue(folder, kind.fresh(folder), converter)) {
      Job job = test.await(test.submit("me", "m", "x").id(), JobState.FAILED);
      assertThat(attempts).hasValue(3);
      assertThat(job.attempts()).isEqualTo(3);
      assertThat(job.failure().orElseThrow().cause()).isEqualTo(ConversionFailed.Cause.CRASH);
      assertThat(job.failure().orElseThrow().detail()).contains("SIGSEGV", "3 times");
      assertThat(test.queue.events(job.id(), 0, 100))
          .filteredOn(event -> event.state() == JobState.QUEUED)
          .hasSize(3);
    }
  }

  @Test
  void aDefectFailsItsJobAlone() throws Exception {
    Converter converter =
        (task, listener) -> {
          if (TestQueue.text(task.model()).equals("bad")) {
            throw new IllegalStateException("oops");
          }
          return TestQueue.result(task);
        };
    try (TestQueue test = new TestQueue(folder, TestDatabase.EMBEDDED.fresh(folder), converter)) {
      Job bad = test.await(test.submit("me", "bad", null).id(), JobState.FAILED);
      assertThat(bad.failure().orElseThrow().cause()).isEqualTo(ConversionFailed.Cause.DEFECT);
      assertThat(bad.failure().orElseThrow().detail()).contains("oops");
      test.await(test.submit("me", "good", null).id(), JobState.SUCCEEDED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void eventsAreBounded(TestDatabase kind) throws Exception {
    Converter converter =
        (task, listener) -> {
          for (int line = 0; line < 10_000; line++) {
            listener.log("line " + line);
            listener.progress(Stage.COMPILE, line / 100, "kernel " + line);
          }
          return TestQueue.result(task);
        };
    try (TestQueue test = new TestQueue(folder, kind.fresh(folder), converter)) {
      Job job = test.await(test.submit("me", "m", null).id(), JobState.SUCCEEDED);
      assertThat(test.queue.logTail(job.id(), 100_000))
          .hasSizeBetween(900, Events.MOST)
          .endsWith("line 9998", "line 9999");
      assertThat(test.queue.events(job.id(), 0, 100_000)).hasSizeBetween(1800, 2 * Events.MOST + 9);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anUploadThatWasDeletedCannotBeConverted(TestDatabase kind) throws Exception {
    try (TestQueue test = new TestQueue(folder, kind.fresh(folder), GOOD)) {
      Submission submission = test.submission("me", "m", "x", Optional.of("key"));
      assertThat(test.queue.deleteUpload(submission.model().id())).isTrue();
      assertThat(test.queue.deleteUpload(submission.model().id())).isFalse();
      assertThat(test.queue.findUpload(submission.model().id())).isEmpty();
      assertThatThrownBy(() -> test.queue.submit(submission)).isInstanceOf(UploadGone.class);
      assertThat(test.queue.list(Optional.empty(), Optional.empty(), Optional.empty(), 9))
          .isEmpty();
      assertThat(test.files()).isEmpty();
      // Nothing of the refused one is left: neither its key nor its name.
      Submission other = test.submission("other", "n", "x", Optional.empty());
      assertThat(test.queue.submit(other).repeated()).isFalse();
    }
  }
}
