package io.ait4j.web.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpConnection;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;

/** The other end of a request's connection. */
final class Peer {
  private final EndPoint endPoint;

  Peer(Context ctx) {
    this.endPoint = Request.getBaseRequest(ctx.req()).getHttpChannel().getEndPoint();
  }

  /** Whether what it is sent still goes somewhere. */
  boolean isConnected() {
    return endPoint.isOpen();
  }

  void hangUp() {
    endPoint.close();
  }

  /**
   * Whether it hung up, or said that it sends nothing more. For the thread that works on a request
   * that came whole: nobody else reads from the connection then.
   */
  boolean isGone() {
    Connection connection = endPoint.getConnection();
    if (!(connection instanceof HttpConnection http) || !http.isRequestBufferEmpty()) {
      return false; // it sent its next request already
    }
    ByteBuffer next = BufferUtil.allocate(1);
    try {
      int read = endPoint.fill(next);
      if (read > 0) {
        http.onUpgradeTo(next); // the first byte of the next request goes where the rest will
      }
      return read < 0;
    } catch (IOException e) {
      return true;
    }
  }
}
