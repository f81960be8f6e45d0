package io.ait4j.compiler.build;

import io.ait4j.compiler.ir.Header;
import io.ait4j.fx.ModelException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The C++ headers of a build: those in this module's resources, and those that it is given. */
final class Headers {
  private static final Pattern INCLUDE =
      Pattern.compile("^\\s*#\\s*include\\s+\"([A-Za-z0-9_]+\\.(?:h|cuh))\"", Pattern.MULTILINE);

  private Headers() {}

  /**
   * The headers that these sources include, and those that they include; by name.
   *
   * @throws ModelException if one of {@code given} has the name of ours, but not its text
   */
  static Map<String, String> includedBy(Collection<String> sources, Collection<Header> given) {
    Map<String, String> own = new TreeMap<>();
    for (Header header : given) {
      if (Header.find(header.name()).filter(ours -> !ours.equals(header)).isPresent()) {
        throw new ModelException(
            ModelException.Kind.COMPILE,
            "the header %s of an operator from elsewhere has the name of one of ours; rename it"
                .formatted(header.name()));
      }
      own.put(header.name(), header.text());
    }
    Map<String, String> found = new TreeMap<>();
    Deque<String> open = new ArrayDeque<>(sources);
    while (!open.isEmpty()) {
      for (String name :
          INCLUDE.matcher(open.pop()).results().map((MatchResult m) -> m.group(1)).toList()) {
        if (!found.containsKey(name)) {
          // None: a source may bring its own, else the compiler names it.
          Optional<String> text =
              Optional.ofNullable(own.get(name)).or(() -> Header.find(name).map(Header::text));
          text.ifPresent(
              t -> {
                found.put(name, t);
                open.push(t);
              });
        }
      }
    }
    return found;
  }
}
