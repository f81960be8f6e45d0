package io.ait4j.web.http;

import io.javalin.http.Context;

/** Numbers in a request's query. */
final class Queries {
  private Queries() {}

  static int number(Context ctx, String name, int otherwise, int least, int most) {
    String text = ctx.queryParam(name);
    if (text == null) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new Problem(
        Problems.BAD_REQUEST,
        "%s is a whole number from %d to %d, not '%s'".formatted(name, least, most, text));
  }
}
