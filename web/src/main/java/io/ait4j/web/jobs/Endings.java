package io.ait4j.web.jobs;

import io.ait4j.web.convert.Stage;
import io.ait4j.web.database.Database;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** Cancels jobs, deletes them, and lets their results go. */
final class Endings {
  private final Database database;
  private final Doomed doomed;

  Endings(Database database, Doomed doomed) {
    this.database = database;
    this.doomed = doomed;
  }

  /**
   * What a cancellation did.
   *
   * @param job whether the job was not final before
   * @param work whose last job it was: nobody waits for it any more
   */
  record Cancelled(boolean job, Optional<String> work) {}

  Cancelled cancel(String job) {
    return database.call(
        handle -> {
          Optional<String> work = lockWork(handle, job);
          Optional<Job> found = JobTable.find(handle, job);
          if (work.isEmpty() || found.isEmpty() || found.get().state().isFinal()) {
            return new Cancelled(false, Optional.empty());
          }
          Instant now = Instant.now();
          handle
              .createUpdate("UPDATE job SET cancelled = :now WHERE id = :job")
              .bind("now", now)
              .bind("job", job)
              .execute();
          Events.add(handle, work.get(), List.of(cancelled(found.get(), now)));
          int ended =
              handle
                  .createUpdate(
                      """
                      UPDATE work SET state = 'CANCELLED', shared = NULL, finished = :now,
                        message = 'cancelled'
                      WHERE id = :work AND NOT EXISTS (
                        SELECT 1 FROM job j WHERE j.work = work.id AND j.cancelled IS NULL)
                      """)
                  .bind("now", now)
                  .bind("work", work.get())
                  .execute();
          return new Cancelled(true, ended > 0 ? work : Optional.empty());
        });
  }

  private static Events.Entry cancelled(Job job, Instant now) {
    Optional<Stage> stage = job.stage();
    return new Events.Entry(
        Optional.of(job.id()),
        now,
        Events.STATE,
        JobState.CANCELLED,
        stage,
        job.percent(),
        "cancelled");
  }

  private static Optional<String> lockWork(Handle handle, String job) {
    return handle
        .createQuery(
            "SELECT id FROM work WHERE id = (SELECT work FROM job WHERE id = :job) FOR UPDATE")
        .bind("job", job)
        .mapTo(String.class)
        .findOne();
  }

  boolean delete(String job) {
    boolean deleted = database.call(handle -> delete(handle, job));
    if (deleted) {
      doomed.collect();
    }
    return deleted;
  }

  private static boolean delete(Handle handle, String id) {
    Optional<String> work = lockWork(handle, id);
    Optional<Job> found = JobTable.find(handle, id);
    if (work.isEmpty() || found.isEmpty() || !found.get().state().isFinal()) {
      return false;
    }
    for (String table : List.of("idempotency", "job_input", "event")) {
      handle.createUpdate("DELETE FROM " + table + " WHERE job = :job").bind("job", id).execute();
    }
    handle.createUpdate("DELETE FROM job WHERE id = :job").bind("job", id).execute();
    boolean last =
        handle
            .createQuery("SELECT COUNT(*) FROM job WHERE work = :work")
            .bind("work", work.get())
            .mapTo(Long.class)
            .one()
            .equals(0L);
    if (last) {
      Doomed.doom(handle, keys(handle, work.get()));
      handle
          .createUpdate("DELETE FROM event WHERE work = :work")
          .bind("work", work.get())
          .execute();
      handle.createUpdate("DELETE FROM work WHERE id = :work").bind("work", work.get()).execute();
    }
    Models.release(handle, found.get().modelName());
    return true;
  }

  private static List<String> keys(Handle handle, String work) {
    return handle
        .createQuery(
            """
            SELECT artifact_key, report_json_key, report_html_key, measurements_key FROM work
            WHERE id = :work
            """)
        .bind("work", work)
        .map(
            row ->
                Stream.of("artifact_key", "report_json_key", "report_html_key", "measurements_key")
                    .map(column -> row.getColumn(column, String.class))
                    .filter(Objects::nonNull)
                    .toList())
        .one();
  }

  /** That a job {@code j} is the newest version of a model with a name of its own. */
  private static final String NEWEST =
      """
      j.model_name <> j.id AND j.model_version IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM job k
        WHERE k.model_name = j.model_name AND k.model_version > j.model_version)
      """;

  /** Deletes jobs that ended longer ago, but for those whose model is served by a name. */
  void deleteAfter(Duration age) {
    List<String> old =
        database.call(
            handle ->
                handle
                    .createQuery(
                        """
                        SELECT j.id FROM job j JOIN work w ON w.id = j.work
                        WHERE COALESCE(j.cancelled, w.finished) < :before AND j.created < :before
                        AND NOT (%s)
                        """
                            .formatted(NEWEST))
                    .bind("before", Instant.now().minus(age))
                    .mapTo(String.class)
                    .list());
    old.forEach(this::delete);
  }

  /** A work {@code w} whose result no job has asked for lately, nor is served by a name. */
  private static final String STALE =
      """
      w.artifact_key IS NOT NULL AND w.finished < :before AND NOT EXISTS (
        SELECT 1 FROM job j WHERE j.work = w.id AND (j.created >= :before OR %s))
      """
          .formatted(NEWEST);

  /** Lets go of results that are older, but for those of models that are served by a name. */
  void dropResultsAfter(Duration age) {
    Instant before = Instant.now().minus(age);
    List<String> old =
        database.call(
            handle ->
                handle
                    .createQuery("SELECT w.id FROM work w WHERE " + STALE)
                    .bind("before", before)
                    .mapTo(String.class)
                    .list());
    for (String work : old) {
      database.run(handle -> dropResult(handle, work, before));
    }
    doomed.collect();
  }

  private static void dropResult(Handle handle, String work, Instant before) {
    handle
        .createQuery("SELECT id FROM work WHERE id = :work FOR UPDATE")
        .bind("work", work)
        .mapTo(String.class)
        .findOne();
    boolean stale =
        handle
            .createQuery("SELECT w.id FROM work w WHERE w.id = :work AND " + STALE)
            .bind("work", work)
            .bind("before", before)
            .mapTo(String.class)
            .findOne()
            .isPresent();
    if (stale) {
      Doomed.doom(handle, keys(handle, work));
      handle
          .createUpdate(
              """
              UPDATE work SET shared = NULL, artifact_key = NULL, report_json_key = NULL,
                report_html_key = NULL, measurements_key = NULL,
                message = 'done; the result was deleted as it was old'
              WHERE id = :work
              """)
          .bind("work", work)
          .execute();
    }
  }
}
