package io.ait4j.web.jobs;

import io.ait4j.web.convert.Stage;
import io.ait4j.web.database.Database;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** What happened to jobs: a bounded list for each work, which its jobs share. */
final class Events {
  static final String STATE = "state";
  static final String PROGRESS = "progress";
  static final String LOG = "log";

  /** The latest of each kind are kept. */
  static final int MOST = 2000;

  private final Database database;

  Events(Database database) {
    this.database = database;
  }

  /**
   * An event before it has a number.
   *
   * @param job whose alone it is; empty for all of the work
   */
  record Entry(
      Optional<String> job,
      Instant at,
      String kind,
      JobState state,
      Optional<Stage> stage,
      int percent,
      String message) {}

  /** Adds events of a work; the transaction holds its row until it ends. */
  static void add(Handle handle, String work, List<Entry> entries) {
    handle
        .createUpdate("UPDATE work SET events = events + :count WHERE id = :work")
        .bind("count", entries.size())
        .bind("work", work)
        .execute();
    long last =
        handle
            .createQuery("SELECT events FROM work WHERE id = :work")
            .bind("work", work)
            .mapTo(Long.class)
            .one();
    PreparedBatch batch =
        handle.prepareBatch(
            """
            INSERT INTO event (work, number, job, at, kind, state, stage, percent, message)
            VALUES (:work, :number, :job, :at, :kind, :state, :stage, :percent, :message)
            """);
    long number = last - entries.size();
    for (Entry entry : entries) {
      batch
          .bind("work", work)
          .bind("number", ++number)
          .bind("job", entry.job().orElse(null))
          .bind("at", entry.at())
          .bind("kind", entry.kind())
          .bind("state", entry.state().name())
          .bind("stage", entry.stage().map(Stage::name).orElse(null))
          .bind("percent", entry.percent())
          .bind("message", entry.message())
          .add();
    }
    batch.execute();
    if (last > MOST) {
      trim(handle, work, LOG);
      trim(handle, work, PROGRESS);
    }
  }

  private static void trim(Handle handle, String work, String kind) {
    handle
        .createUpdate(
            """
            DELETE FROM event WHERE work = :work AND kind = :kind AND number <= (
              SELECT number FROM event WHERE work = :work AND kind = :kind
              ORDER BY number DESC OFFSET :most ROWS FETCH FIRST 1 ROW ONLY)
            """)
        .bind("work", work)
        .bind("kind", kind)
        .bind("most", MOST)
        .execute();
  }

  List<JobEvent> after(String job, long number, int limit) {
    return database.call(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT e.number, e.at, e.kind, e.state, e.stage, e.percent, e.message
                    FROM job j JOIN event e ON e.work = j.work AND (e.job IS NULL OR e.job = j.id)
                    WHERE j.id = :job AND e.number > :number
                    AND NOT EXISTS (
                      SELECT 1 FROM event c WHERE c.work = j.work AND c.job = j.id
                      AND c.state = 'CANCELLED' AND c.number < e.number)
                    ORDER BY e.number FETCH FIRST :limit ROWS ONLY
                    """)
                .bind("job", job)
                .bind("number", number)
                .bind("limit", limit)
                .map(
                    row ->
                        new JobEvent(
                            job,
                            row.getColumn("number", Long.class),
                            row.getColumn("at", Instant.class),
                            row.getColumn("kind", String.class),
                            JobState.valueOf(row.getColumn("state", String.class)),
                            Optional.ofNullable(row.getColumn("stage", String.class))
                                .map(Stage::valueOf),
                            row.getColumn("percent", Integer.class),
                            row.getColumn("message", String.class)))
                .list());
  }

  List<String> logTail(String job, int lines) {
    List<String> newestFirst =
        database.call(
            handle ->
                handle
                    .createQuery(
                        """
                        SELECT e.message FROM job j JOIN event e ON e.work = j.work
                        WHERE j.id = :job AND e.kind = 'log'
                        ORDER BY e.number DESC FETCH FIRST :lines ROWS ONLY
                        """)
                    .bind("job", job)
                    .bind("lines", lines)
                    .mapTo(String.class)
                    .list());
    Collections.reverse(newestFirst);
    return newestFirst;
  }
}
