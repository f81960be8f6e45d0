package io.ait4j.web.jobs;

import io.ait4j.web.convert.ConversionFailed;
import io.ait4j.web.convert.ConversionSettings;
import io.ait4j.web.convert.Stage;
import io.ait4j.web.database.Database;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * What whoever does the work writes. An attempt that is not the latest any more, as its server was
 * taken for dead or the work was cancelled, changes nothing: that holds for each statement here.
 */
final class Works {
  /** So often may a worker, or its server, die in a conversion. */
  static final int MOST_CRASHES = 3;

  /** Of a model's making, perhaps. */
  private static final int LONGEST_DETAIL = 20_000;

  /** So long does a work wait for a store that fails. */
  private static final Duration PATIENCE = Duration.ofDays(1);

  private static final String OURS =
      " WHERE id = :work AND attempts = :attempt AND state = 'RUNNING'";

  private final Database database;

  Works(Database database) {
    this.database = database;
  }

  /** One time that a work is done. */
  record Attempt(
      String work,
      int number,
      String firstJob,
      String owner,
      ConversionSettings settings,
      Upload model,
      Optional<Upload> weights,
      List<Upload> samples) {}

  /** What an attempt made, in the store. */
  record Result(Job.Artifact artifact, Map<String, Double> seconds) {}

  /** Begins an attempt; empty if there is nothing to do. */
  Optional<Attempt> begin(String work, String server) {
    return database.call(handle -> begin(handle, work, server));
  }

  private record Row(JobState state, int attempts, int crashes, String worker) {}

  private static Optional<Attempt> begin(Handle handle, String work, String server) {
    Optional<Row> found =
        handle
            .createQuery(
                "SELECT state, attempts, crashes, worker FROM work WHERE id = :work FOR UPDATE")
            .bind("work", work)
            .map(
                row ->
                    new Row(
                        JobState.valueOf(row.getColumn("state", String.class)),
                        row.getColumn("attempts", Integer.class),
                        row.getColumn("crashes", Integer.class),
                        row.getColumn("worker", String.class)))
            .findOne()
            .filter(row -> !row.state.isFinal());
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Row row = found.get();
    boolean abandoned = row.state == JobState.RUNNING;
    int crashes = row.crashes + (abandoned ? 1 : 0);
    if (crashes >= MOST_CRASHES) {
      fail(handle, work, row.attempts, ConversionFailed.Cause.CRASH, given("server " + row.worker));
      return Optional.empty();
    }
    String message = abandoned ? "begins again, as the server before died" : "begins";
    handle
        .createUpdate(
            """
            UPDATE work SET state = 'RUNNING', attempts = attempts + 1, crashes = :crashes,
              worker = :server, started = COALESCE(started, :now), stage = NULL, percent = 0,
              message = :message
            WHERE id = :work
            """)
        .bind("crashes", crashes)
        .bind("server", server)
        .bind("now", Instant.now())
        .bind("message", message)
        .bind("work", work)
        .execute();
    event(handle, work, JobState.RUNNING, message);
    return JobTable.jobs(
            handle,
            "WHERE j.work = :work AND j.cancelled IS NULL ORDER BY j.id FETCH FIRST 1 ROW ONLY",
            query -> query.bind("work", work))
        .stream()
        .findFirst()
        .map(
            job ->
                new Attempt(
                    work,
                    row.attempts + 1,
                    job.id(),
                    job.owner(),
                    job.settings(),
                    job.model(),
                    job.weights(),
                    job.samples()));
  }

  private static String given(String who) {
    return "the conversion killed its worker %d times, the last time with %s"
        .formatted(MOST_CRASHES, who);
  }

  /**
   * Writes how far the attempt is, and what it logged.
   *
   * @param entries since the last time, perhaps none
   * @return whether the attempt is still the one that counts
   */
  boolean progress(Attempt attempt, List<Events.Entry> entries) {
    return database.call(
        handle -> {
          Optional<Events.Entry> last =
              entries.stream()
                  .filter(entry -> entry.kind().equals(Events.PROGRESS))
                  .reduce((one, next) -> next);
          if (!ours(handle, attempt)) {
            return false;
          }
          last.ifPresent(
              entry ->
                  handle
                      .createUpdate(
                          "UPDATE work SET stage = :stage, percent = :percent, message = :message"
                              + OURS)
                      .bind("stage", entry.stage().map(Stage::name).orElse(null))
                      .bind("percent", entry.percent())
                      .bind("message", entry.message())
                      .bind("work", attempt.work())
                      .bind("attempt", attempt.number())
                      .execute());
          if (!entries.isEmpty()) {
            Events.add(handle, attempt.work(), entries);
          }
          return true;
        });
  }

  private static boolean ours(Handle handle, Attempt attempt) {
    return handle
        .createQuery("SELECT 1 FROM work" + OURS + " FOR UPDATE")
        .bind("work", attempt.work())
        .bind("attempt", attempt.number())
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  /**
   * The attempt has made a result.
   *
   * @param keys all of it
   */
  boolean succeed(Attempt attempt, Result result, List<String> keys) {
    return database.call(
        handle -> {
          int updated =
              handle
                  .createUpdate(
                      """
                      UPDATE work SET state = 'SUCCEEDED', percent = 100, message = 'done',
                        finished = :now, seconds = :seconds, artifact_sha256 = :sha256,
                        artifact_bytes = :bytes, artifact_key = :key, report_json_key = :json,
                        report_html_key = :html, measurements_key = :measurements
                      """
                          + OURS)
                  .bind("now", Instant.now())
                  .bind("seconds", JobTable.json(result.seconds()))
                  .bind("sha256", result.artifact().sha256())
                  .bind("bytes", result.artifact().bytes())
                  .bind("key", result.artifact().key())
                  .bind("json", result.artifact().reportJsonKey())
                  .bind("html", result.artifact().reportHtmlKey())
                  .bind("measurements", result.artifact().measurementsKey().orElse(null))
                  .bind("work", attempt.work())
                  .bind("attempt", attempt.number())
                  .execute();
          if (updated == 0) {
            return false;
          }
          Doomed.spare(handle, keys);
          Models.count(handle, attempt.work());
          event(handle, attempt.work(), JobState.SUCCEEDED, "done");
          return true;
        });
  }

  /** The attempt has shown that there will be no result. */
  boolean fail(Attempt attempt, ConversionFailed.Cause cause, String detail) {
    return database.call(handle -> fail(handle, attempt.work(), attempt.number(), cause, detail));
  }

  private static boolean fail(
      Handle handle, String work, int attempt, ConversionFailed.Cause cause, String message) {
    String detail =
        message.length() <= LONGEST_DETAIL ? message : message.substring(0, LONGEST_DETAIL);
    int updated =
        handle
            .createUpdate(
                """
                UPDATE work SET state = 'FAILED', shared = NULL, finished = :now, cause = :cause,
                  detail = :detail, message = 'failed'
                """
                    + OURS)
            .bind("now", Instant.now())
            .bind("cause", cause.name())
            .bind("detail", detail)
            .bind("work", work)
            .bind("attempt", attempt)
            .execute();
    if (updated > 0) {
      event(handle, work, JobState.FAILED, detail);
    }
    return updated > 0;
  }

  /**
   * The worker died: the work waits for its next attempt, unless this was the last.
   *
   * @return whether there is a next one
   */
  boolean crash(Attempt attempt, String detail) {
    return database.call(
        handle -> {
          int crashes =
              handle
                  .createQuery("SELECT crashes + 1 FROM work" + OURS + " FOR UPDATE")
                  .bind("work", attempt.work())
                  .bind("attempt", attempt.number())
                  .mapTo(Integer.class)
                  .findOne()
                  .orElse(MOST_CRASHES);
          if (crashes >= MOST_CRASHES) {
            fail(
                handle,
                attempt.work(),
                attempt.number(),
                ConversionFailed.Cause.CRASH,
                "%s (given up after %d times)".formatted(detail, MOST_CRASHES));
            return false;
          }
          putBack(handle, attempt, 1, "waiting to begin again, as the worker died");
          return true;
        });
  }

  /**
   * The store or the disk failed: the work waits, not for ever.
   *
   * @return whether there is a next attempt
   */
  boolean hinder(Attempt attempt, String detail) {
    return database.call(
        handle -> {
          Instant created =
              handle
                  .createQuery("SELECT created FROM work WHERE id = :work")
                  .bind("work", attempt.work())
                  .mapTo(Instant.class)
                  .one();
          if (created.isBefore(Instant.now().minus(PATIENCE))) {
            fail(handle, attempt.work(), attempt.number(), ConversionFailed.Cause.IO, detail);
            return false;
          }
          putBack(handle, attempt, 0, "waiting to begin again, as the server's storage failed");
          return true;
        });
  }

  /** The server ends: the work waits for another one. */
  void putBack(Attempt attempt) {
    database.run(
        handle -> putBack(handle, attempt, 0, "waiting to begin again, as its server stopped"));
  }

  private static void putBack(Handle handle, Attempt attempt, int crashes, String message) {
    int updated =
        handle
            .createUpdate(
                """
                UPDATE work SET state = 'QUEUED', stage = NULL, percent = 0,
                  crashes = crashes + :crashes, message = :message
                """
                    + OURS)
            .bind("crashes", crashes)
            .bind("message", message)
            .bind("work", attempt.work())
            .bind("attempt", attempt.number())
            .execute();
    if (updated > 0) {
      event(handle, attempt.work(), JobState.QUEUED, message);
    }
  }

  /** Says to all jobs of a work that its state is another one. */
  static void event(Handle handle, String work, JobState state, String message) {
    record Progress(Optional<Stage> stage, int percent) {}
    Progress progress =
        handle
            .createQuery("SELECT stage, percent FROM work WHERE id = :work")
            .bind("work", work)
            .map(
                row ->
                    new Progress(
                        Optional.ofNullable(row.getColumn("stage", String.class))
                            .map(Stage::valueOf),
                        row.getColumn("percent", Integer.class)))
            .one();
    Events.add(
        handle,
        work,
        List.of(
            new Events.Entry(
                Optional.empty(),
                Instant.now(),
                Events.STATE,
                state,
                progress.stage,
                progress.percent,
                message)));
  }
}
