package io.ait4j.web.http;

import io.ait4j.fx.ModelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import org.eclipse.jetty.server.ServerConnector;

/**
 * A port that is ours before there is a server: one that cannot listen must not have begun to work.
 * Callers that come early wait.
 */
public final class Listening implements AutoCloseable {
  private static final int BACKLOG = 256;

  private final ServerSocketChannel channel;

  private Listening(ServerSocketChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the port.
   *
   * @throws ModelException (USAGE) if it is another's, or the host is not this machine's
   */
  public static Listening on(HttpSettings settings) {
    ServerSocketChannel channel = null;
    try {
      channel = ServerSocketChannel.open();
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      channel.bind(new InetSocketAddress(settings.host(), settings.port()), BACKLOG);
      return new Listening(channel);
    } catch (IOException | RuntimeException e) { // an unknown host is a RuntimeException
      if (channel != null) {
        try {
          channel.close();
        } catch (IOException again) {
          e.addSuppressed(again);
        }
      }
      throw new ModelException(
          ModelException.Kind.USAGE,
          "cannot listen on %s port %d: %s; choose another by --host and --port"
              .formatted(settings.host(), settings.port(), e.getMessage()),
          e);
    }
  }

  int port() {
    return channel.socket().getLocalPort();
  }

  void giveTo(ServerConnector connector) {
    try {
      connector.open(channel);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
