package io.ait4j.web.jobs;

import io.ait4j.web.convert.Converter;
import io.ait4j.web.database.Database;
import io.ait4j.web.store.FileStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Jobs in the database, which this server and its peers work off. */
public final class JobQueue implements Jobs, AutoCloseable {
  private JobQueue() {}

  /** Begins to work off jobs. */
  public static JobQueue start(
      Database database, FileStore store, Converter converter, QueueSettings settings) {
    return new JobQueue();
  }

  /**
   * Takes no more jobs, waits {@code grace} for those that run here, then kills the rest and puts
   * them back into the queue. Requests are still answered until {@link #close}.
   */
  public void drain(Duration grace) {}

  /** Drains without grace. */
  @Override
  public void close() {}

  @Override
  public Upload upload(String owner, String name, Path file, String sha256) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<Upload> findUpload(String id) {
    return Optional.empty();
  }

  @Override
  public boolean deleteUpload(String id) {
    return false;
  }

  @Override
  public Submitted submit(Submission submission) throws IdempotencyConflict, NameTaken, UploadGone {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<Job> find(String id) {
    return Optional.empty();
  }

  @Override
  public List<Job> list(
      Optional<String> owner, Optional<JobState> state, Optional<String> before, int limit) {
    return List.of();
  }

  @Override
  public List<JobEvent> events(String id, long number, int limit) {
    return List.of();
  }

  @Override
  public List<String> logTail(String id, int lines) {
    return List.of();
  }

  @Override
  public boolean cancel(String id) {
    return false;
  }

  @Override
  public boolean delete(String id) {
    return false;
  }

  @Override
  public Optional<Job> findModel(String name, Optional<Integer> version) {
    return Optional.empty();
  }

  @Override
  public List<Job> models() {
    return List.of();
  }

  @Override
  public Load load() {
    return new Load(0, 0);
  }
}
