package io.ait4j.compiler.build;

import java.nio.charset.StandardCharsets;

/** A model's own names as C++: byte by byte, so that no text of it reaches a source. */
public final class CppLiteral {
  private CppLiteral() {}

  /** A string literal of these characters in UTF-8. */
  public static String of(String name) {
    StringBuilder text = new StringBuilder("\"");
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      text.append(String.format("\\%03o", b & 0xff));
    }
    return text.append('"').toString();
  }
}
