package io.ait4j.web.jobs;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.ait4j.fx.ModelException;
import io.ait4j.web.access.AuditLog;
import io.ait4j.web.convert.Converter;
import io.ait4j.web.database.Database;
import io.ait4j.web.store.FileStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Jobs in the database, which this server and its peers work off. */
public final class JobQueue implements Jobs, AutoCloseable {
  private static final Duration POLLING = Duration.ofMillis(500);
  private static final Duration CLEANING = Duration.ofMinutes(10);
  static final int MISSED_HEARTBEATS = 6;

  /** A worker that is killed is dead long before. */
  private static final Duration KILL = Duration.ofSeconds(30);

  private final Database database;
  private final ServerName name;
  private final Uploads uploads;
  private final Submissions submissions;
  private final Events events;
  private final Endings endings;
  private final Scratch scratch;
  private final Runs runs;
  private final WorkTask work;
  private final Scheduler scheduler;

  private JobQueue(
      Database database,
      ServerName name,
      FileStore store,
      Converter converter,
      QueueSettings settings) {
    this.database = database;
    this.name = name;
    Ids ids = new Ids();
    Doomed doomed = new Doomed(database, store);
    Works works = new Works(database);
    uploads = new Uploads(database, store, doomed, ids);
    submissions = new Submissions(database, ids);
    events = new Events(database);
    endings = new Endings(database, doomed);
    scratch = Scratch.open(settings.folder());
    runs = new Runs(works);
    work = new WorkTask(works, runs, new Conversions(store, converter, doomed, scratch), settings);
    scheduler = scheduler(settings);
  }

  private Scheduler scheduler(QueueSettings settings) {
    return Scheduler.create(database.connections(), work.task())
        .startTasks(
            Tasks.recurring("retention", FixedDelay.of(CLEANING))
                .execute((instance, context) -> clean(settings.retention())))
        .jdbcCustomization(Enqueuing.DIALECT)
        .schedulerName(settings::server)
        .threads(settings.threads())
        .pollingInterval(POLLING)
        .heartbeatInterval(settings.heartbeat())
        .missedHeartbeatsLimit(MISSED_HEARTBEATS)
        .shutdownMaxWait(KILL)
        .build();
  }

  /**
   * Begins to work off jobs, those of servers that died too.
   *
   * @throws ModelException (IO) if the settings' folder cannot be used; (USAGE) if a server that
   *     lives has the name
   */
  public static JobQueue start(
      Database database, FileStore store, Converter converter, QueueSettings settings) {
    ServerName name = ServerName.take(database, settings);
    JobQueue queue;
    try {
      queue = new JobQueue(database, name, store, converter, settings);
    } catch (RuntimeException e) {
      name.close();
      throw e;
    }
    try {
      queue.revive(settings.server());
      queue.scheduler.start();
      return queue;
    } catch (RuntimeException e) {
      queue.close();
      throw e;
    }
  }

  /**
   * Takes back what a server of this name had, as it died; if the database is embedded, what
   * anybody had. The rest waits until heartbeats have been missed.
   */
  private void revive(String server) {
    database.run(
        handle ->
            handle
                .createUpdate(
                    """
                    UPDATE scheduled_tasks SET picked = FALSE, picked_by = NULL,
                      last_heartbeat = NULL, version = version + 1
                    WHERE picked AND (picked_by = :server OR :everybody)
                    """)
                .bind("server", server)
                .bind("everybody", database.settings().isEmbedded())
                .execute());
  }

  /** What goes by itself, goes. */
  void clean(Retention retention) {
    retention.jobs().ifPresent(endings::deleteAfter);
    retention.artifacts().ifPresent(endings::dropResultsAfter);
    retention.uploads().ifPresent(uploads::forgetAfter);
    retention.audit().ifPresent(age -> new AuditLog(database).forget(Instant.now().minus(age)));
    uploads.collect();
  }

  /**
   * Takes no more jobs, waits {@code grace} for those that run here, then kills the rest and puts
   * them back into the queue. Requests are still answered until {@link #close}.
   */
  public void drain(Duration grace) {
    work.drain();
    scheduler.pause();
    try {
      if (!runs.await(grace)) {
        runs.stopAll(Run.Stop.DRAINED);
        runs.await(KILL);
      }
    } catch (InterruptedException e) {
      runs.stopAll(Run.Stop.DRAINED);
      Thread.currentThread().interrupt();
    }
  }

  /** Drains without grace. */
  @Override
  public void close() {
    drain(Duration.ZERO);
    scheduler.stop();
    runs.close();
    scratch.close();
    name.close();
  }

  @Override
  public Upload upload(String owner, String name, Path file, String sha256) {
    return uploads.add(owner, name, file, sha256);
  }

  @Override
  public Optional<Upload> findUpload(String id) {
    return uploads.find(id);
  }

  @Override
  public boolean deleteUpload(String id) {
    return uploads.forget(id);
  }

  @Override
  public Submitted submit(Submission submission) throws IdempotencyConflict, NameTaken, UploadGone {
    Submitted submitted = submissions.submit(submission);
    scheduler.triggerCheckForDueExecutions();
    return submitted;
  }

  @Override
  public Optional<Job> find(String id) {
    return database.call(handle -> JobTable.find(handle, id));
  }

  @Override
  public List<Job> list(
      Optional<String> owner, Optional<JobState> state, Optional<String> before, int limit) {
    String condition =
        "WHERE TRUE"
            + (owner.isPresent() ? " AND j.owner = :owner" : "")
            + (state.isPresent() ? " AND " + JobTable.STATE + " = :state" : "")
            + (before.isPresent() ? " AND j.id < :before" : "")
            + " ORDER BY j.id DESC FETCH FIRST :limit ROWS ONLY";
    return database.call(
        handle ->
            JobTable.jobs(
                handle,
                condition,
                query -> {
                  owner.ifPresent(value -> query.bind("owner", value));
                  state.ifPresent(value -> query.bind("state", value.name()));
                  before.ifPresent(value -> query.bind("before", value));
                  return query.bind("limit", limit);
                }));
  }

  @Override
  public List<JobEvent> events(String id, long number, int limit) {
    return events.after(id, number, limit);
  }

  @Override
  public List<String> logTail(String id, int lines) {
    return events.logTail(id, lines);
  }

  @Override
  public boolean cancel(String id) {
    Endings.Cancelled cancelled = endings.cancel(id);
    cancelled.work().ifPresent(none -> runs.stop(none, Run.Stop.UNWANTED));
    return cancelled.job();
  }

  @Override
  public boolean delete(String id) {
    return endings.delete(id);
  }

  @Override
  public Optional<Job> findModel(String name, Optional<Integer> version) {
    String condition =
        "WHERE j.model_name = :name AND w.artifact_key IS NOT NULL AND j.model_version "
            + (version.isPresent() ? "= :version" : "IS NOT NULL")
            + " ORDER BY j.model_version DESC FETCH FIRST 1 ROW ONLY";
    return database
        .call(
            handle ->
                JobTable.jobs(
                    handle,
                    condition,
                    query -> {
                      version.ifPresent(value -> query.bind("version", value));
                      return query.bind("name", name);
                    }))
        .stream()
        .findFirst();
  }

  @Override
  public List<Job> models() {
    return database.call(
        handle ->
            JobTable.jobs(
                handle,
                """
                WHERE w.artifact_key IS NOT NULL AND j.model_version = (
                  SELECT MAX(k.model_version) FROM job k JOIN work v ON v.id = k.work
                  WHERE k.model_name = j.model_name AND v.artifact_key IS NOT NULL)
                ORDER BY j.model_name
                """,
                query -> query));
  }

  @Override
  public Load load() {
    return database.call(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT COUNT(CASE WHEN state = 'QUEUED' THEN 1 END) AS queued,
                      COUNT(CASE WHEN state = 'RUNNING' THEN 1 END) AS running
                    FROM work WHERE state IN ('QUEUED', 'RUNNING')
                    """)
                .map(
                    row ->
                        new Load(
                            row.getColumn("queued", Integer.class),
                            row.getColumn("running", Integer.class)))
                .one());
  }
}
