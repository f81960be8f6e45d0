package io.ait4j.web.http;

import io.ait4j.web.access.AuditLog;
import io.ait4j.web.database.DatabaseUnavailable;
import io.javalin.http.Context;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down who changed what, and who was refused. */
final class Audit {
  private static final Logger LOG = LoggerFactory.getLogger(Audit.class);
  private static final String ATTRIBUTE = "ait4j.audit";

  private final AuditLog log;

  Audit(AuditLog log) {
    this.log = log;
  }

  private record Note(String action, String subject) {}

  /** Says what a request does; it is written down with the response's status. */
  static void note(Context ctx, String action, String subject) {
    ctx.attribute(ATTRIBUTE, new Note(action, subject));
  }

  /** After a request. */
  void write(Context ctx) {
    Note note = ctx.attribute(ATTRIBUTE);
    int status = ctx.statusCode();
    if (note == null) {
      if (status != 401 && status != 403) {
        return;
      }
      note = new Note("refused", ctx.method() + " " + ctx.path());
    }
    Caller caller = ctx.attribute(Caller.ATTRIBUTE);
    try {
      log.add(
          new AuditLog.Entry(
              Instant.now(),
              caller == null ? "unknown" : caller.id(),
              ctx.ip(),
              note.action(),
              note.subject(),
              status));
    } catch (DatabaseUnavailable e) { // what the request did stands in the log at least
      LOG.warn("not in the audit log: {} {} {}", note.action(), note.subject(), status, e);
    }
  }
}
