package io.ait4j.web.http;

import io.javalin.config.JettyConfig;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Executors;
import org.eclipse.jetty.server.ConnectionLimit;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.StatisticsHandler;
import org.eclipse.jetty.servlet.FilterHolder;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** How Jetty listens: threads, limits, TLS, and what it says of requests that it refuses. */
final class JettySetup {
  private static final int PLATFORM_THREADS = 32;
  private static final int MAX_HEADER_BYTES = 16 << 10;
  private static final int READ_BYTES = 1 << 16;
  private static final int LOOK_MILLIS = 20;
  private static final int QUIET_LOOKS = 10;

  private final HttpSettings settings;
  private final Listening listening;
  private final StatisticsHandler requests = new StatisticsHandler();

  JettySetup(HttpSettings settings, Listening listening) {
    this.settings = settings;
    this.listening = listening;
  }

  void apply(JettyConfig jetty) {
    QueuedThreadPool threads = new QueuedThreadPool(PLATFORM_THREADS);
    threads.setName("http");
    // Handlers block on virtual threads, so that slow callers hold no thread that others need.
    threads.setVirtualThreadsExecutor(
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("request-", 0).factory()));
    jetty.threadPool = threads;
    jetty.modifyServer(this::listen);
    jetty.modifyServletContextHandler(
        context -> {
          context.setErrorHandler(new JettyErrors());
          for (Filter filter : List.of(new SenderPace(settings.minBytesPerSecond()), new Heads())) {
            context.addFilter(new FilterHolder(filter), "/*", EnumSet.of(DispatcherType.REQUEST));
          }
          context.insertHandler(requests);
        });
    jetty.modifyHttpConfiguration(this::limit);
    jetty.addConnector(this::connector);
  }

  private void listen(Server server) {
    server.setStopTimeout(0); // Jetty's own would wait for idle connections too
    server.setErrorHandler(new JettyErrors());
    server.addBean(new HeaderDeadline(server, settings.idleTimeout()));
    server.addBean(new ConnectionLimit(settings.maxConnections(), server));
  }

  private void limit(HttpConfiguration http) {
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(MAX_HEADER_BYTES);
    http.setIdleTimeout(settings.idleTimeout().toMillis());
  }

  private Connector connector(Server server, HttpConfiguration http) {
    ServerConnector connector;
    if (settings.tls().isPresent()) {
      http.addCustomizer(new SecureRequestCustomizer(false)); // clients may come by address
      connector =
          new ServerConnector(
              server,
              new SslConnectionFactory(Tls.of(settings.tls().get()), "http/1.1"),
              connections(http));
    } else {
      connector = new ServerConnector(server, connections(http));
    }
    connector.setHost(settings.host());
    connector.setPort(settings.port());
    connector.setIdleTimeout(settings.idleTimeout().toMillis());
    listening.giveTo(connector);
    return connector;
  }

  /** Tensors come in long bodies: few large reads cost less than many small ones. */
  private static HttpConnectionFactory connections(HttpConfiguration http) {
    HttpConnectionFactory connections = new HttpConnectionFactory(http);
    connections.setInputBufferSize(READ_BYTES);
    return connections;
  }

  /** Waits until no request is under way: for {@code least}, and not beyond {@code most}. */
  void awaitQuiet(Duration least, Duration most) {
    long begin = System.nanoTime();
    try {
      // Jetty writes a response's end after it counted the request as done: look several times.
      int quiet = 0;
      for (long spent = 0; spent < most.toNanos(); spent = System.nanoTime() - begin) {
        if (quiet >= QUIET_LOOKS && spent >= least.toNanos()) {
          return;
        }
        Thread.sleep(LOOK_MILLIS);
        quiet = requests.getRequestsActive() == 0 ? quiet + 1 : 0;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  URI uri(int port) {
    String host = settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host();
    return URI.create((settings.tls().isPresent() ? "https://" : "http://") + host + ":" + port);
  }
}
