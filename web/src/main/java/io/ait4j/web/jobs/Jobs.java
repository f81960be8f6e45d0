package io.ait4j.web.jobs;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The conversions of all servers that share a database. Thread-safe. */
public interface Jobs {
  /**
   * Takes a file: moves it into the store and remembers it. The same content is stored once.
   *
   * @param file a local file that this method takes away
   * @param sha256 of it, hexadecimal
   */
  Upload upload(String owner, String name, Path file, String sha256);

  /** An upload by its id. */
  Optional<Upload> findUpload(String id);

  /** Forgets an upload; its content stays as long as a job that is not final needs it. */
  boolean deleteUpload(String id);

  /**
   * Enqueues a conversion; the same owner's same idempotency key gives the job of the first time.
   *
   * @throws IdempotencyConflict if that job was another request
   * @throws NameTaken if the model's name is another owner's
   * @throws UploadGone if an upload is not there any more
   */
  Submitted submit(Submission submission) throws IdempotencyConflict, NameTaken, UploadGone;

  /**
   * What came of a submission.
   *
   * @param repeated whether the job was there already
   */
  record Submitted(Job job, boolean repeated) {}

  /** A job by its id. */
  Optional<Job> find(String id);

  /**
   * Jobs from the newest to the oldest.
   *
   * @param owner whose; empty for everybody's
   * @param state only those; empty for all
   * @param before only those older than this job; empty from the newest on
   */
  List<Job> list(
      Optional<String> owner, Optional<JobState> state, Optional<String> before, int limit);

  /** A job's events after {@code number}, oldest first, at most {@code limit}. */
  List<JobEvent> events(String id, long number, int limit);

  /** The last lines of a job's log. */
  List<String> logTail(String id, int lines);

  /**
   * Cancels a job, wherever it runs: its worker is killed at once, or within a second on another
   * host.
   *
   * @return whether it was not final before
   */
  boolean cancel(String id);

  /** Forgets a final job, its result and its log. */
  boolean delete(String id);

  /** The newest successful job of a model, or that of one version. */
  Optional<Job> findModel(String name, Optional<Integer> version);

  /** The newest version of each model. */
  List<Job> models();

  /** Jobs that wait, jobs that run; on all servers. */
  Load load();

  /** How much there is to do. */
  record Load(int queued, int running) {}
}
