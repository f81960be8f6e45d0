package io.ait4j.web.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.handler.ErrorHandler;

/** Says what Jetty itself refuses, malformed requests above all, as problems too. */
final class JettyErrors extends ErrorHandler {
  @Override
  public void handle(
      String target, Request base, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    base.setHandled(true);
    Problem.Type type = Problems.ofStatus(response.getStatus());
    byte[] body =
        ProblemJson.of(
            type,
            Problems.detail(response.getStatus()),
            List.of(),
            request.getRequestURI(),
            (String) request.getAttribute(RequestIds.ATTRIBUTE));
    response.setContentType(ProblemJson.MEDIA_TYPE);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }

  @Override
  public ByteBuffer badMessageError(int status, String reason, HttpFields.Mutable fields) {
    Problem.Type type = Problems.ofStatus(status);
    fields.put(HttpHeader.CONTENT_TYPE, ProblemJson.MEDIA_TYPE);
    return ByteBuffer.wrap(ProblemJson.of(type, Problems.detail(status), List.of(), null, null));
  }
}
