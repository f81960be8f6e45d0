package io.ait4j.web.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A body that is small text: Javalin's own limit knows bodies that tell their length only. */
final class JsonBody {
  private static final int MAX_BYTES = 1 << 20;

  private JsonBody() {}

  static String read(Context ctx) throws IOException {
    byte[] bytes = ctx.req().getInputStream().readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw new Problem(
          Problems.TOO_LARGE, "this path takes a body of at most %d bytes".formatted(MAX_BYTES));
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
