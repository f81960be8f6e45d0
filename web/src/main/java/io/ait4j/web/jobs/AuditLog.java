package io.ait4j.web.jobs;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Who did what on all servers that share a database. Thread-safe. */
public interface AuditLog {
  /**
   * Something that was done, or refused.
   *
   * @param caller the id of the key; {@code anonymous} on an open server, {@code operator} for the
   *     command line
   * @param address of the other side
   * @param action {@code conversion.create}, {@code key.revoke}, ...
   * @param subject the id or name of what was acted on, at most 255 characters
   * @param outcome the response's status; 0 on the command line
   */
  record Entry(
      Instant at, String caller, String address, String action, String subject, int outcome) {}

  /** Adds an entry. */
  void add(Entry entry);

  /**
   * Entries from the newest to the oldest.
   *
   * @param before only those older; empty from the newest on
   */
  List<Entry> list(Optional<Instant> before, int limit);
}
