package io.ait4j.web.access;

import io.ait4j.web.database.Database;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Who did what; entries are added, never changed. Thread-safe. */
public final class AuditLog {
  private static final Instant FAR = Instant.parse("9999-01-01T00:00:00Z");

  private final Database database;

  public AuditLog(Database database) {
    this.database = database;
  }

  /**
   * Something that was done, or refused.
   *
   * @param caller the id of the key; {@code anonymous} on an open server, {@code operator} for the
   *     command line
   * @param address of the other side
   * @param action {@code conversion.create}, {@code key.revoke}, ...
   * @param subject the id or name of what was acted on
   * @param outcome the response's status; 0 on the command line
   */
  public record Entry(
      Instant at, String caller, String address, String action, String subject, int outcome) {}

  /** Adds an entry; texts longer than their column (255 characters) are cut. */
  public void add(Entry entry) {
    database.run(
        handle ->
            handle
                .createUpdate(
                    """
                    INSERT INTO audit (at, caller, address, action, subject, outcome)
                    VALUES (:at, :caller, :address, :action, :subject, :outcome)
                    """)
                .bind("at", entry.at())
                .bind("caller", cut(entry.caller()))
                .bind("address", cut(entry.address()))
                .bind("action", cut(entry.action()))
                .bind("subject", cut(entry.subject()))
                .bind("outcome", entry.outcome())
                .execute());
  }

  /**
   * Entries from the newest to the oldest.
   *
   * @param before only older ones; empty from the newest on
   */
  public List<Entry> list(Optional<Instant> before, int limit) {
    return database.call(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT at, caller, address, action, subject, outcome FROM audit
                    WHERE at < :before ORDER BY number DESC FETCH FIRST :limit ROWS ONLY
                    """)
                .bind("before", before.orElse(FAR))
                .bind("limit", limit)
                .map(
                    row ->
                        new Entry(
                            row.getColumn("at", Instant.class),
                            row.getColumn("caller", String.class),
                            row.getColumn("address", String.class),
                            row.getColumn("action", String.class),
                            row.getColumn("subject", String.class),
                            row.getColumn("outcome", Integer.class)))
                .list());
  }

  /** Forgets what is older. */
  public int forget(Instant before) {
    return database.call(
        handle ->
            handle
                .createUpdate("DELETE FROM audit WHERE at < :before")
                .bind("before", before)
                .execute());
  }

  private static String cut(String text) {
    return text.length() <= 255 ? text : text.substring(0, 255);
  }
}
