package io.ait4j.lower.verify;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Sizes to run a model at for which nothing was recorded.
 *
 * @param sizes value of each symbol
 * @param note what is special about them; may be empty
 */
record SizeCase(Map<String, Long> sizes, String note) {
  /** {@code batch=7}. */
  String label() {
    String text =
        new TreeMap<>(sizes)
            .entrySet().stream()
                .map(size -> size.getKey() + "=" + size.getValue())
                .collect(Collectors.joining(","));
    return note.isEmpty() ? text : text + " (" + note + ")";
  }
}
