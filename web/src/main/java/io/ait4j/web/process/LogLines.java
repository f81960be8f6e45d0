package io.ait4j.web.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Lines that somebody not trusted prints: of bounded length, without control characters. */
public final class LogLines {
  /** The most characters of a line; what is more is left out. */
  public static final int LONGEST = 1000;

  private LogLines() {}

  /** Reads lines of at most {@link #LONGEST} characters to the end. */
  public static void read(InputStream from, Consumer<String> lines) throws IOException {
    read(from, LONGEST, lines);
  }

  /** Reads lines of at most {@code longest} characters to the end. */
  public static void read(InputStream from, int longest, Consumer<String> lines)
      throws IOException {
    Reader reader = new InputStreamReader(from, StandardCharsets.UTF_8);
    StringBuilder line = new StringBuilder();
    char[] buffer = new char[8192];
    for (int count = reader.read(buffer); count >= 0; count = reader.read(buffer)) {
      for (int i = 0; i < count; i++) {
        if (buffer[i] == '\n') {
          lines.accept(line.toString());
          line.setLength(0);
        } else if (line.length() < longest) {
          line.append(printable(buffer[i]));
        }
      }
    }
    if (!line.isEmpty()) {
      lines.accept(line.toString());
    }
  }

  /** A text as one line fit for a log. */
  public static String line(String text) {
    StringBuilder line = new StringBuilder();
    text.chars().limit(LONGEST).forEach(c -> line.append(printable((char) c)));
    return line.toString();
  }

  private static char printable(char c) {
    int type = Character.getType(c);
    return type == Character.CONTROL
            || type == Character.FORMAT
            || type == Character.LINE_SEPARATOR
            || type == Character.PARAGRAPH_SEPARATOR
        ? ' '
        : c;
  }
}
