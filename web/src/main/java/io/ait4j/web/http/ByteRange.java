package io.ait4j.web.http;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of a file, as {@code Range} asks for it.
 *
 * @param first byte of it
 * @param length in bytes
 */
record ByteRange(long first, long length) {
  private static final Pattern ONE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

  /** There is nothing of the file in the range. */
  static final class Unsatisfiable extends Exception {
    private static final long serialVersionUID = 1L;
  }

  /**
   * Reads the header; empty, the whole file, for what is no single range of bytes: RFC 9110 has
   * servers ignore what they do not understand.
   */
  static Optional<ByteRange> parse(String header, long bytes) throws Unsatisfiable {
    Matcher range = ONE.matcher(header == null ? "" : header.strip());
    if (!range.matches() || (range.group(1).isEmpty() && range.group(2).isEmpty())) {
      return Optional.empty();
    }
    if (range.group(1).isEmpty()) {
      long last = Math.min(bytes, Long.parseLong(range.group(2)));
      if (last == 0) {
        throw new Unsatisfiable();
      }
      return Optional.of(new ByteRange(bytes - last, last));
    }
    long first = Long.parseLong(range.group(1));
    long end =
        range.group(2).isEmpty()
            ? bytes
            : Math.min(bytes, Math.addExact(Long.parseLong(range.group(2)), 1));
    if (!range.group(2).isEmpty() && Long.parseLong(range.group(2)) < first) {
      return Optional.empty(); // not a range at all
    }
    if (first >= bytes) {
      throw new Unsatisfiable();
    }
    return Optional.of(new ByteRange(first, end - first));
  }
}
