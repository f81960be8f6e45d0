package io.ait4j.web.http;

import io.ait4j.fx.ModelException;
import io.ait4j.web.database.DatabaseUnavailable;
import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.MethodNotAllowedResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.BadMessageException;
import org.eclipse.jetty.io.EofException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a problem of whatever goes wrong in a request. */
final class ExceptionHandlers {
  private static final Logger LOG = LoggerFactory.getLogger(ExceptionHandlers.class);

  /** Headers of what the handler was about to send. */
  private static final List<String> OF_RESULTS =
      List.of("ETag", "Content-Disposition", "Content-Length", "Repr-Digest", "Location");

  private ExceptionHandlers() {}

  static void addTo(Javalin app) {
    app.exception(Problem.class, ExceptionHandlers::write);
    app.exception(MethodNotAllowedResponse.class, ExceptionHandlers::methodNotAllowed);
    app.exception(
        HttpResponseException.class,
        (e, ctx) ->
            write(
                new Problem(Problems.ofStatus(e.getStatus()), Problems.detail(e.getStatus())),
                ctx));
    app.exception(
        BadMessageException.class,
        (e, ctx) ->
            write(new Problem(Problems.ofStatus(e.getCode()), Problems.detail(e.getCode())), ctx));
    app.exception(
        EofException.class,
        (e, ctx) -> write(new Problem(Problems.BAD_REQUEST, "the caller went away"), ctx));
    app.exception(
        DatabaseUnavailable.class,
        (e, ctx) -> {
          LOG.warn("the database is away", e);
          write(new Problem(Problems.UNAVAILABLE, e.getMessage(), List.of(), 5), ctx);
        });
    app.exception(
        ModelException.class,
        (e, ctx) -> {
          if (e.kind() == ModelException.Kind.IO) {
            LOG.warn("the store is away, or the disk full", e);
            String why = "the server's storage does not answer; try again later";
            write(new Problem(Problems.UNAVAILABLE, why, List.of(), 5), ctx);
          } else {
            unforeseen(e, ctx);
          }
        });
    app.exception(Exception.class, ExceptionHandlers::unforeseen);
  }

  /** For what is no exception: memory that is out above all. */
  static void error(HttpServletResponse response, Error e) {
    LOG.error("a request failed", e);
    if (response.isCommitted()) {
      return;
    }
    response.setStatus(Problems.DEFECT.status());
    response.setContentType(ProblemJson.MEDIA_TYPE);
    try {
      response
          .getOutputStream()
          .write(
              ProblemJson.of(
                  Problems.DEFECT,
                  "the server failed; its log says why",
                  List.of(),
                  null,
                  response.getHeader(RequestIds.HEADER)));
    } catch (IOException away) {
      LOG.debug("the caller went away", away);
    }
  }

  static void write(Problem problem, Context ctx) {
    if (ctx.res().isCommitted()) {
      return; // the response is under way: it can only break off
    }
    ctx.status(problem.type().status());
    OF_RESULTS.forEach(name -> ctx.res().setHeader(name, null));
    if (problem.retryAfterSeconds() > 0) {
      ctx.header("Retry-After", Integer.toString(problem.retryAfterSeconds()));
    }
    ctx.result(
            ProblemJson.of(
                problem.type(),
                problem.getMessage(),
                problem.errors(),
                ctx.path(),
                ctx.attribute(RequestIds.ATTRIBUTE)))
        .contentType(ProblemJson.MEDIA_TYPE);
  }

  private static void methodNotAllowed(MethodNotAllowedResponse e, Context ctx) {
    String allowed = e.getDetails().getOrDefault("availableMethods", "").toUpperCase(Locale.ROOT);
    ctx.header("Allow", allowed);
    write(
        new Problem(
            Problems.METHOD_NOT_ALLOWED,
            "%s takes %s, not %s".formatted(ctx.path(), allowed, ctx.method())),
        ctx);
  }

  private static void unforeseen(Exception e, Context ctx) {
    LOG.error("a request failed", e);
    write(
        new Problem(
            Problems.DEFECT,
            "the server failed; its log says why under the request's id",
            List.of(),
            0),
        ctx);
  }
}
