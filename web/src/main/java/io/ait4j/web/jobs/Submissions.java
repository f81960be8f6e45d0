package io.ait4j.web.jobs;

import io.ait4j.web.database.Database;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** Makes jobs, in one transaction each: there is all of a job, or nothing. */
final class Submissions {
  private final Database database;
  private final Ids ids;
  private final Fingerprint fingerprint = new Fingerprint();

  Submissions(Database database, Ids ids) {
    this.database = database;
    this.ids = ids;
  }

  Jobs.Submitted submit(Submission submission) throws IdempotencyConflict, NameTaken, UploadGone {
    String shared = fingerprint.conversion(submission);
    String request = Fingerprint.request(submission);
    try {
      return database.call(handle -> submit(handle, submission, shared, request));
    } catch (Refused refused) {
      switch (refused.getCause()) {
        case IdempotencyConflict conflict -> throw conflict;
        case NameTaken taken -> throw taken;
        case UploadGone gone -> throw gone;
        default -> throw refused;
      }
    }
  }

  /** Rolls the transaction back. */
  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refused(Exception why) {
      super(why);
    }
  }

  private Jobs.Submitted submit(
      Handle handle, Submission submission, String shared, String request) {
    try {
      String id = ids.next('c');
      Optional<String> first = remember(handle, submission, request, id);
      if (first.isPresent()) {
        return new Jobs.Submitted(JobTable.find(handle, first.get()).orElseThrow(), true);
      }
      String work = work(handle, shared, id);
      String name = submission.settings().name();
      if (name != null) {
        Models.claim(handle, name, submission.owner());
      }
      insert(handle, submission, id, work);
      Job job = JobTable.find(handle, id).orElseThrow();
      if (job.state() == JobState.SUCCEEDED) {
        Models.count(handle, work);
        job = JobTable.find(handle, id).orElseThrow();
      }
      return new Jobs.Submitted(job, false);
    } catch (IdempotencyConflict | NameTaken | UploadGone e) {
      throw new Refused(e);
    }
  }

  /** The job that has the idempotency key already; else the new one has it. */
  private static Optional<String> remember(
      Handle handle, Submission submission, String request, String job) throws IdempotencyConflict {
    if (submission.idempotencyKey().isEmpty()) {
      return Optional.empty();
    }
    while (true) {
      int inserted =
          handle
              .createUpdate(
                  """
                  INSERT INTO idempotency (owner, token, request, job)
                  VALUES (:owner, :token, :request, :job) ON CONFLICT DO NOTHING
                  """)
              .bind("owner", submission.owner())
              .bind("token", submission.idempotencyKey().get())
              .bind("request", request)
              .bind("job", job)
              .execute();
      if (inserted > 0) {
        return Optional.empty();
      }
      Optional<Remembered> before =
          handle
              .createQuery(
                  """
                  SELECT request, job FROM idempotency
                  WHERE owner = :owner AND token = :token FOR UPDATE
                  """)
              .bind("owner", submission.owner())
              .bind("token", submission.idempotencyKey().get())
              .map(
                  row ->
                      new Remembered(
                          row.getColumn("request", String.class),
                          row.getColumn("job", String.class)))
              .findOne();
      if (before.isPresent()) { // else its job was deleted in the meantime
        if (!before.get().request.equals(request)) {
          throw new IdempotencyConflict(before.get().job);
        }
        return Optional.of(before.get().job);
      }
    }
  }

  private record Remembered(String request, String job) {}

  /** The work that does the same, if there is one whose result can be shared; locked. */
  private String work(Handle handle, String shared, String job) {
    while (true) {
      String id = ids.next('w');
      int inserted =
          handle
              .createUpdate(
                  """
                  INSERT INTO work (id, shared, first_job, state, percent, message, created,
                    attempts, crashes, worker, seconds, events)
                  VALUES (:id, :shared, :job, 'QUEUED', 0, 'waiting for a worker', :now,
                    0, 0, '', '{}', 0) ON CONFLICT DO NOTHING
                  """)
              .bind("id", id)
              .bind("shared", shared)
              .bind("job", job)
              .bind("now", Instant.now())
              .execute();
      if (inserted > 0) {
        Works.event(handle, id, JobState.QUEUED, "waiting for a worker");
        Enqueuing.enqueue(handle, id);
        return id;
      }
      Optional<String> same =
          handle
              .createQuery("SELECT id FROM work WHERE shared = :shared FOR UPDATE")
              .bind("shared", shared)
              .mapTo(String.class)
              .findOne();
      if (same.isPresent()) {
        return same.get();
      }
    }
  }

  private static void insert(Handle handle, Submission submission, String id, String work)
      throws UploadGone {
    String name = submission.settings().name();
    handle
        .createUpdate(
            """
            INSERT INTO job (id, owner, work, model_name, settings, created)
            VALUES (:id, :owner, :work, :name, :settings, :now)
            """)
        .bind("id", id)
        .bind("owner", submission.owner())
        .bind("work", work)
        .bind("name", name == null ? id : name)
        .bind("settings", JobTable.json(submission.settings()))
        .bind("now", Instant.now())
        .execute();
    hold(handle, submission);
    input(handle, id, JobTable.MODEL, List.of(submission.model()));
    input(handle, id, JobTable.WEIGHTS, submission.weights().stream().toList());
    input(handle, id, JobTable.SAMPLE, submission.samples());
  }

  /** Locks the uploads, in one order for all. */
  private static void hold(Handle handle, Submission submission) throws UploadGone {
    List<String> uploads =
        Stream.of(
                Stream.of(submission.model()),
                submission.weights().stream(),
                submission.samples().stream())
            .flatMap(files -> files)
            .map(Upload::id)
            .distinct()
            .sorted()
            .toList();
    for (String upload : uploads) {
      handle
          .createQuery("SELECT id FROM upload WHERE id = :id AND forgotten IS NULL FOR UPDATE")
          .bind("id", upload)
          .mapTo(String.class)
          .findOne()
          .orElseThrow(() -> new UploadGone(upload));
    }
  }

  private static void input(Handle handle, String job, String role, List<Upload> uploads) {
    for (int ordinal = 0; ordinal < uploads.size(); ordinal++) {
      handle
          .createUpdate(
              """
              INSERT INTO job_input (job, role, ordinal, upload)
              VALUES (:job, :role, :ordinal, :upload)
              """)
          .bind("job", job)
          .bind("role", role)
          .bind("ordinal", ordinal)
          .bind("upload", uploads.get(ordinal).id())
          .execute();
    }
  }
}
