package io.ait4j.web.http;

import io.ait4j.web.access.AuditLog;
import io.ait4j.web.database.DatabaseUnavailable;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down who changed what, and who was refused. */
final class Audit {
  private static final Logger LOG = LoggerFactory.getLogger(Audit.class);
  private static final String ATTRIBUTE = "ait4j.audit";

  private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final int MAX_REFUSED = 1000;

  private final AuditLog log;
  private final Set<String> refused = new HashSet<>();
  private long minute;

  Audit(AuditLog log) {
    this.log = log;
  }

  private record Note(String action, String subject) {}

  /** Says what a request does; it is written down with the response's status. */
  static void note(Context ctx, String action, String subject) {
    ctx.attribute(ATTRIBUTE, new Note(action, subject));
  }

  /** Whoever is refused again and again is written down once a minute. */
  private synchronized boolean isFirst(String address) {
    long now = System.nanoTime() / MINUTE_NANOS;
    if (now != minute) {
      minute = now;
      refused.clear();
    }
    return refused.size() < MAX_REFUSED && refused.add(address);
  }

  /** After a request. */
  void write(Context ctx) {
    Note note = ctx.attribute(ATTRIBUTE);
    int status = ctx.statusCode();
    if (note == null) {
      if ((status != 401 && status != 403) || !isFirst(ctx.ip())) {
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
