package io.ait4j.compiler.build;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The C++ headers in this module's resources. */
final class Headers {
  private static final String FOLDER = "/io/ait4j/compiler/cpu/";
  private static final Pattern INCLUDE =
      Pattern.compile("^\\s*#\\s*include\\s+\"([A-Za-z0-9_]+\\.h)\"", Pattern.MULTILINE);

  private Headers() {}

  /** The headers that these sources include, and those that they include; by name. */
  static Map<String, String> includedBy(Collection<String> sources) {
    Map<String, String> found = new TreeMap<>();
    Deque<String> open = new ArrayDeque<>(sources);
    while (!open.isEmpty()) {
      for (String name :
          INCLUDE.matcher(open.pop()).results().map((MatchResult m) -> m.group(1)).toList()) {
        if (!found.containsKey(name)) {
          String text = read(name);
          if (text != null) {
            found.put(name, text);
            open.push(text);
          }
        }
      }
    }
    return found;
  }

  // Null where there is none: a source may bring its own, else the compiler names it.
  private static String read(String name) {
    try (InputStream in = Headers.class.getResourceAsStream(FOLDER + name)) {
      return in == null ? null : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
