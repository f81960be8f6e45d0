package io.ait4j.web.jobs;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;

/**
 * Names under which models are served. A name is its first owner's until the last job with it is
 * deleted: nobody can slip another model under a name that others call. A job without a name has
 * that of its id, and so nobody else may have one like that.
 */
final class Models {
  private static final Pattern ID = Pattern.compile("c-[0-9a-z]{26}");

  private Models() {}

  /** Takes the name, or holds it: it is there until the transaction ends. */
  static void claim(Handle handle, String name, String owner) throws NameTaken {
    if (ID.matcher(name).matches()) {
      throw new NameTaken(name);
    }
    Optional<Boolean> ours;
    do {
      handle
          .createUpdate(
              """
              INSERT INTO model (name, owner, newest) VALUES (:name, :owner, 0)
              ON CONFLICT DO NOTHING
              """)
          .bind("name", name)
          .bind("owner", owner)
          .execute();
      ours = lock(handle, name, owner);
    } while (ours.isEmpty()); // its last job went in the meantime
    if (!ours.get()) {
      throw new NameTaken(name);
    }
  }

  /** Locks the name, if it is there; whether it is this owner's. */
  private static Optional<Boolean> lock(Handle handle, String name, String owner) {
    return handle
        .createQuery("SELECT owner = :owner FROM model WHERE name = :name FOR UPDATE")
        .bind("name", name)
        .bind("owner", owner)
        .mapTo(Boolean.class)
        .findOne();
  }

  /** Gives each job of a work that has succeeded the next version of its model. */
  static void count(Handle handle, String work) {
    handle
        .createQuery(
            """
            SELECT id, model_name FROM job
            WHERE work = :work AND cancelled IS NULL AND model_version IS NULL
            ORDER BY model_name, id
            """)
        .bind("work", work)
        .map(
            row ->
                new Named(
                    row.getColumn("id", String.class), row.getColumn("model_name", String.class)))
        .list()
        .forEach(
            job ->
                handle
                    .createUpdate("UPDATE job SET model_version = :version WHERE id = :id")
                    .bind("version", next(handle, job.name))
                    .bind("id", job.id)
                    .execute());
  }

  private record Named(String id, String name) {}

  private static int next(Handle handle, String name) {
    handle
        .createUpdate("UPDATE model SET newest = newest + 1 WHERE name = :name")
        .bind("name", name)
        .execute();
    return handle
        .createQuery("SELECT newest FROM model WHERE name = :name")
        .bind("name", name)
        .mapTo(Integer.class)
        .findOne()
        .orElse(1);
  }

  /** Frees the name if no job has it any more. */
  static void release(Handle handle, String name) {
    if (lock(handle, name, "").isPresent()) {
      handle
          .createUpdate(
              """
              DELETE FROM model WHERE name = :name
              AND NOT EXISTS (SELECT 1 FROM job j WHERE j.model_name = :name)
              """)
          .bind("name", name)
          .execute();
    }
  }
}
