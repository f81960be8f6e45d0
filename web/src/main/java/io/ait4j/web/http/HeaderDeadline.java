package io.ait4j.web.http;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConnection;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.AbstractLifeCycle;

/**
 * Hangs up on callers whose headers do not come to an end in time. Jetty's idle timeout begins anew
 * with every byte, so a few callers that send one now and then would keep all connections.
 */
final class HeaderDeadline extends AbstractLifeCycle {
  private static final Set<HttpParser.State> IN_HEADERS =
      Set.of(
          HttpParser.State.METHOD,
          HttpParser.State.SPACE1,
          HttpParser.State.URI,
          HttpParser.State.SPACE2,
          HttpParser.State.REQUEST_VERSION,
          HttpParser.State.PROXY,
          HttpParser.State.HEADER);

  private final Server server;
  private final long nanos;
  private final Map<EndPoint, Begun> begun = new WeakHashMap<>();
  private ScheduledExecutorService looks;

  HeaderDeadline(Server server, Duration deadline) {
    this.server = server;
    this.nanos = deadline.toNanos();
  }

  /** Since when the headers of a connection's so-manieth request come. */
  private record Begun(long request, long nanos) {}

  @Override
  protected void doStart() {
    looks =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("header-deadline").factory());
    long pause = Math.max(1, nanos / 4);
    looks.scheduleWithFixedDelay(this::look, pause, pause, TimeUnit.NANOSECONDS);
  }

  private void look() {
    long now = System.nanoTime();
    for (Connector connector : server.getConnectors()) {
      for (EndPoint endPoint : connector.getConnectedEndPoints()) {
        look(endPoint, now);
      }
    }
  }

  private void look(EndPoint endPoint, long now) {
    Connection connection =
        endPoint.getConnection() instanceof SslConnection tls
            ? tls.getDecryptedEndPoint().getConnection()
            : endPoint.getConnection();
    if (!(connection instanceof HttpConnection http)
        || !IN_HEADERS.contains(http.getParser().getState())) {
      begun.remove(endPoint);
      return;
    }
    Begun first = begun.get(endPoint);
    if (first == null || first.request() != http.getMessagesIn()) {
      begun.put(endPoint, new Begun(http.getMessagesIn(), now));
    } else if (now - first.nanos() > nanos) {
      endPoint.close();
    }
  }

  @Override
  protected void doStop() {
    looks.shutdownNow();
  }
}
