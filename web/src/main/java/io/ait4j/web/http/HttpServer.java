package io.ait4j.web.http;

import io.ait4j.fx.ModelException;
import io.ait4j.web.access.AuditLog;
import io.ait4j.web.access.Keys;
import io.javalin.Javalin;
import io.javalin.router.ParsedEndpoint;
import io.javalin.util.JavalinException;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** Listens, and hands requests to the routes that their callers may use. */
public final class HttpServer implements AutoCloseable {
  private static final long MAX_JSON_BYTES = 1 << 20;

  private final Javalin app;
  private final JettySetup jetty;
  private final Drain drain;
  private final URI uri;

  private HttpServer(Javalin app, JettySetup jetty, Drain drain, URI uri) {
    this.app = app;
    this.jetty = jetty;
    this.drain = drain;
    this.uri = uri;
  }

  /**
   * Begins to serve.
   *
   * @param listening where
   * @param keys who may call
   * @param audit hears who changed what
   * @param meters hears of every request
   * @param drain begins when the server is stopped, if not before
   * @throws ModelException (USAGE, IO) if the server would be open to others without keys, or its
   *     certificate cannot be read
   */
  public static HttpServer start(
      HttpSettings settings,
      Listening listening,
      Keys keys,
      AuditLog audit,
      MeterRegistry meters,
      Drain drain,
      List<Routes> routes) {
    Access access = Access.of(settings, keys);
    JettySetup jetty = new JettySetup(settings, listening);
    Javalin app =
        Javalin.create(
            config -> {
              config.showJavalinBanner = false;
              config.startupWatcherEnabled = false;
              config.http.prefer405over404 = true;
              config.http.maxRequestSize = MAX_JSON_BYTES;
              config.router.setJavaLangErrorHandler$javalin(
                  ExceptionHandlers::error); // no other way
              config.http.disableCompression(); // artifacts and tensors do not shrink
              config.requestLogger.http(new RequestRecords(meters));
              jetty.apply(config.jetty);
            });
    app.before(RequestIds::assign);
    app.before(drain::endConnection);
    app.before(SecurityHeaders::set);
    app.before(access::check);
    app.beforeMatched(access::admit);
    app.after(new Audit(audit)::write);
    ExceptionHandlers.addTo(app);
    routes.forEach(r -> r.addTo(app));
    try {
      app.start();
    } catch (JavalinException e) {
      throw new ModelException(
          ModelException.Kind.IO, "the HTTP server does not start: " + e.getMessage(), e);
    }
    return new HttpServer(app, jetty, drain, jetty.uri(listening.port()));
  }

  /** Where the server is. */
  public URI uri() {
    return uri;
  }

  /** All routes, as {@code GET /v1/models}; what stands in braces is variable. */
  public List<String> endpoints() {
    return app.unsafeConfig().pvt.internalRouter.allHttpHandlers().stream()
        .map(ParsedEndpoint::getEndpoint)
        .filter(e -> e.getMethod().isHttpMethod())
        .map(e -> e.getMethod() + " " + e.getPath())
        .toList();
  }

  /**
   * Takes no more work and waits for the requests that are under way.
   *
   * @param least how long the server goes on to answer, that it is not ready above all
   * @param most when it ends whatever is under way
   */
  public void stop(Duration least, Duration most) {
    drain.begin();
    jetty.awaitQuiet(least, most);
    app.stop();
  }

  @Override
  public void close() {
    stop(Duration.ZERO, Duration.ZERO);
  }
}
