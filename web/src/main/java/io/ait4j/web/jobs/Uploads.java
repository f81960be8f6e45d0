package io.ait4j.web.jobs;

import io.ait4j.fx.ModelException;
import io.ait4j.web.database.Database;
import io.ait4j.web.store.FileStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.RowView;

/** Files that were sent; the same content is stored once, as long as something needs it. */
final class Uploads {
  /** Of an upload {@code u} and the content {@code c} that it may still have. */
  static final String COLUMNS =
      "u.id, u.owner, u.name, u.bytes, u.sha256, u.created, COALESCE(c.store_key, '') AS store_key";

  static final String TABLES = "upload u LEFT JOIN content c ON c.sha256 = u.sha256";

  private static final int LONGEST_NAME = 255;

  private final Database database;
  private final FileStore store;
  private final Doomed doomed;
  private final Ids ids;

  Uploads(Database database, FileStore store, Doomed doomed, Ids ids) {
    this.database = database;
    this.store = store;
    this.doomed = doomed;
    this.ids = ids;
  }

  Upload add(String owner, String name, Path file, String sha256) {
    try {
      return add(
          new Upload(
              ids.next('u'),
              owner,
              name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME),
              Files.size(file),
              sha256,
              "uploads/%s/%s-%s".formatted(sha256.substring(0, 2), sha256, ids.next('f')),
              Instant.now().truncatedTo(ChronoUnit.MICROS)),
          file);
    } catch (IOException e) {
      throw new ModelException(ModelException.Kind.IO, "cannot take an upload: " + e, e);
    }
  }

  private Upload add(Upload upload, Path file) throws IOException {
    Optional<Upload> same = database.call(handle -> addToSame(handle, upload));
    if (same.isEmpty()) {
      doomed.beforePut(List.of(upload.key()));
      store.put(upload.key(), file);
      same = Optional.of(database.call(handle -> addNew(handle, upload)));
      if (!same.get().key().equals(upload.key())) {
        doomed.collect();
      }
    }
    Files.delete(file);
    return same.get();
  }

  private static Optional<Upload> addToSame(Handle handle, Upload upload) {
    Optional<String> key = keyOf(handle, upload.sha256());
    return key.map(found -> insert(handle, upload, found));
  }

  /** Locks the content, so that it stays. */
  private static Optional<String> keyOf(Handle handle, String sha256) {
    return handle
        .createQuery("SELECT store_key FROM content WHERE sha256 = :sha256 FOR UPDATE")
        .bind("sha256", sha256)
        .mapTo(String.class)
        .findOne();
  }

  private static Upload addNew(Handle handle, Upload upload) {
    while (true) {
      int inserted =
          handle
              .createUpdate(
                  """
                  INSERT INTO content (sha256, store_key) VALUES (:sha256, :key)
                  ON CONFLICT DO NOTHING
                  """)
              .bind("sha256", upload.sha256())
              .bind("key", upload.key())
              .execute();
      if (inserted > 0) {
        Doomed.spare(handle, List.of(upload.key()));
        return insert(handle, upload, upload.key());
      }
      Optional<Upload> same = addToSame(handle, upload);
      if (same.isPresent()) { // somebody else sent it in the meantime
        Doomed.doom(handle, List.of(upload.key()));
        return same.get();
      }
    }
  }

  private static Upload insert(Handle handle, Upload upload, String key) {
    handle
        .createUpdate(
            """
            INSERT INTO upload (id, owner, name, bytes, sha256, created)
            VALUES (:id, :owner, :name, :bytes, :sha256, :created)
            """)
        .bind("id", upload.id())
        .bind("owner", upload.owner())
        .bind("name", upload.name())
        .bind("bytes", upload.bytes())
        .bind("sha256", upload.sha256())
        .bind("created", upload.created())
        .execute();
    return new Upload(
        upload.id(),
        upload.owner(),
        upload.name(),
        upload.bytes(),
        upload.sha256(),
        key,
        upload.created());
  }

  Optional<Upload> find(String id) {
    return database.call(
        handle ->
            handle
                .createQuery(
                    "SELECT %s FROM %s WHERE u.id = :id AND u.forgotten IS NULL"
                        .formatted(COLUMNS, TABLES))
                .bind("id", id)
                .map(Uploads::upload)
                .findOne());
  }

  /** From a row with {@link #COLUMNS}. */
  static Upload upload(RowView row) {
    return new Upload(
        row.getColumn("id", String.class),
        row.getColumn("owner", String.class),
        row.getColumn("name", String.class),
        row.getColumn("bytes", Long.class),
        row.getColumn("sha256", String.class),
        row.getColumn("store_key", String.class),
        row.getColumn("created", Instant.class));
  }

  boolean forget(String id) {
    boolean forgotten =
        database.call(
            handle ->
                handle
                        .createUpdate(
                            """
                            UPDATE upload SET forgotten = :now
                            WHERE id = :id AND forgotten IS NULL
                            """)
                        .bind("now", Instant.now())
                        .bind("id", id)
                        .execute()
                    > 0);
    if (forgotten) {
      collect();
    }
    return forgotten;
  }

  /** Forgets what arrived longer ago. */
  void forgetAfter(Duration age) {
    database.run(
        handle ->
            handle
                .createUpdate(
                    "UPDATE upload SET forgotten = :now WHERE created < :before AND forgotten IS NULL")
                .bind("now", Instant.now())
                .bind("before", Instant.now().minus(age))
                .execute());
    collect();
  }

  /** Deletes contents that nothing needs, and the rows of forgotten uploads that no job names. */
  void collect() {
    List<String> unneeded =
        database.call(
            handle ->
                handle
                    .createQuery("SELECT sha256 FROM content c WHERE " + UNNEEDED)
                    .mapTo(String.class)
                    .list());
    for (String sha256 : unneeded) {
      database.run(
          handle ->
              keyOf(handle, sha256)
                  .ifPresent(
                      key -> {
                        int deleted =
                            handle
                                .createUpdate(
                                    "DELETE FROM content c WHERE c.sha256 = :sha256 AND "
                                        + UNNEEDED)
                                .bind("sha256", sha256)
                                .execute();
                        if (deleted > 0) {
                          Doomed.doom(handle, List.of(key));
                        }
                      }));
    }
    database.run(
        handle ->
            handle.execute(
                """
                DELETE FROM upload u WHERE u.forgotten IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM job_input i WHERE i.upload = u.id)
                """));
    doomed.collect();
  }

  private static final String UNNEEDED =
      """
      NOT EXISTS (
        SELECT 1 FROM upload u WHERE u.sha256 = c.sha256 AND (u.forgotten IS NULL OR EXISTS (
          SELECT 1 FROM job_input i JOIN job j ON j.id = i.job JOIN work w ON w.id = j.work
          WHERE i.upload = u.id AND j.cancelled IS NULL AND w.state IN ('QUEUED', 'RUNNING'))))
      """;
}
