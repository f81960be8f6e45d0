package io.ait4j.web.http;

import java.util.Locale;

/** Which of two representations the header {@code Accept} asks for. */
final class Accepts {
  private Accepts() {}

  /** Whether HTML is named and JSON is not wanted more. */
  static boolean prefersHtml(String accept) {
    return accept != null
        && weight(accept, "text/html") > 0
        && weight(accept, "text/html") >= weight(accept, "application/json");
  }

  /** 0 if the media type is not named itself. */
  private static double weight(String accept, String mediaType) {
    for (String range : accept.toLowerCase(Locale.ROOT).split(",")) {
      String[] parts = range.strip().split("\\s*;\\s*");
      if (parts[0].equals(mediaType)) {
        for (String parameter : parts) {
          if (parameter.matches("q=[01](\\.\\d{0,3})?")) {
            return Double.parseDouble(parameter.substring(2));
          }
        }
        return 1;
      }
    }
    return 0;
  }
}
