package io.ait4j.web.http;

import io.javalin.http.Context;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.slf4j.MDC;

/** The id by which the log, the response and the caller speak of a request. */
final class RequestIds {
  static final String ATTRIBUTE = "ait4j.request";
  static final String HEADER = "X-Request-Id";

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private RequestIds() {}

  /** Takes the caller's own id if it is plain text, else makes one. */
  static void assign(Context ctx) {
    String sent = ctx.header(HEADER);
    String id =
        sent != null && PLAIN.matcher(sent).matches()
            ? sent
            : HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    ctx.attribute(ATTRIBUTE, id);
    ctx.header(HEADER, id);
    MDC.put("request", id);
  }
}
