package io.ait4j.web.jobs;

import io.ait4j.fx.ModelException;
import io.ait4j.web.database.Database;
import io.ait4j.web.store.FileStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of the store that are to go. A file is doomed before it is put and spared by the
 * transaction that begins to need it, so that nothing stays for ever when a server dies in between.
 * Keys are never used again.
 */
final class Doomed {
  private static final Logger LOG = LoggerFactory.getLogger(Doomed.class);

  /** Longer than any file takes to be put. */
  private static final Duration RESPITE = Duration.ofDays(1);

  private static final int BATCH = 1000;

  private final Database database;
  private final FileStore store;

  Doomed(Database database, FileStore store) {
    this.database = database;
    this.store = store;
  }

  /** Before a file is put. */
  void beforePut(Collection<String> keys) {
    database.run(handle -> doom(handle, keys, Instant.now().plus(RESPITE)));
  }

  /** The transaction needs the files. */
  static void spare(Handle handle, Collection<String> keys) {
    for (String key : keys) {
      handle.createUpdate("DELETE FROM doomed WHERE store_key = :key").bind("key", key).execute();
    }
  }

  /** Nothing needs the files any more once the transaction has passed. */
  static void doom(Handle handle, Collection<String> keys) {
    doom(handle, keys, Instant.now());
  }

  private static void doom(Handle handle, Collection<String> keys, Instant due) {
    for (String key : keys) {
      handle
          .createUpdate(
              "INSERT INTO doomed (store_key, due) VALUES (:key, :due) ON CONFLICT DO NOTHING")
          .bind("key", key)
          .bind("due", due)
          .execute();
      handle
          .createUpdate("UPDATE doomed SET due = :due WHERE store_key = :key")
          .bind("key", key)
          .bind("due", due)
          .execute();
    }
  }

  /** Deletes what is due; what cannot be deleted waits for the next time. */
  void collect() {
    List<String> due =
        database.call(
            handle ->
                handle
                    .createQuery(
                        """
                        SELECT store_key FROM doomed WHERE due <= :now
                        ORDER BY due FETCH FIRST :batch ROWS ONLY
                        """)
                    .bind("now", Instant.now())
                    .bind("batch", BATCH)
                    .mapTo(String.class)
                    .list());
    for (String key : due) {
      try {
        store.delete(key);
        database.run(handle -> spare(handle, List.of(key)));
      } catch (ModelException e) {
        LOG.warn("{} stays in the store for now: {}", key, e.getMessage());
      }
    }
  }
}
