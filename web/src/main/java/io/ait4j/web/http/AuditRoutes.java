package io.ait4j.web.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ait4j.web.access.AuditLog;
import io.ait4j.web.access.Scope;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** Shows who did what. */
final class AuditRoutes implements Routes {
  private final AuditLog log;

  AuditRoutes(AuditLog log) {
    this.log = log;
  }

  @Override
  public void addTo(Javalin app) {
    app.get("/v1/audit", this::list, Scope.ADMIN);
  }

  private void list(Context ctx) {
    Optional<Instant> before = Optional.ofNullable(ctx.queryParam("before")).map(this::time);
    ObjectNode json = JobJson.JSON.createObjectNode();
    ArrayNode entries = json.putArray("entries");
    for (AuditLog.Entry entry : log.list(before, Queries.number(ctx, "limit", 100, 1, 1000))) {
      entries
          .addObject()
          .put("at", entry.at().toString())
          .put("caller", entry.caller())
          .put("address", entry.address())
          .put("action", entry.action())
          .put("subject", entry.subject())
          .put("status", entry.outcome());
    }
    ctx.json(json);
  }

  private Instant time(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new Problem(
          Problems.BAD_REQUEST, "before is a time such as 2026-01-31T12:00:00Z, as entries have");
    }
  }
}
