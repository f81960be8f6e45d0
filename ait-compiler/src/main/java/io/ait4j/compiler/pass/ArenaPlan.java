package io.ait4j.compiler.pass;

import io.ait4j.fx.Dim;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where each intermediate lies in its arena, as expressions of the graph's symbols.
 *
 * @param places by buffer, each after those that its offset names
 */
public record ArenaPlan(Map<String, Place> places) {
  /** Begins the names of places; the position among them follows. */
  public static final String PREFIX = "$at";

  /**
   * Room for a buffer.
   *
   * @param at where it begins, as others name it: the number itself where it is known, else a
   *     symbol
   * @param offset what {@code at} is, in bytes from the start of the arena, over the graph's
   *     symbols and the places before
   * @param bytes how much it takes
   */
  public record Place(Dim at, Dim offset, Dim bytes) {
    Dim end() {
      return at.plus(bytes);
    }
  }

  public ArenaPlan {
    places = Collections.unmodifiableMap(new LinkedHashMap<>(places));
  }

  /**
   * Bytes of the whole arena, {@link Long#MAX_VALUE} if they are beyond counting.
   *
   * @param symbols a value for each symbol of the graph, by its name
   */
  public long bytes(Map<String, Long> symbols) {
    try {
      Map<String, Long> offsets = offsets(symbols);
      long total = 0;
      for (Map.Entry<String, Place> place : places.entrySet()) {
        long bytes = place.getValue().bytes.evaluate(symbols);
        total = Math.max(total, Math.addExact(offsets.get(place.getKey()), bytes));
      }
      return total;
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE;
    }
  }

  /** Where each buffer begins; {@code symbols} as for {@link #bytes(Map)}. */
  public Map<String, Long> offsets(Map<String, Long> symbols) {
    Map<String, Long> values = new HashMap<>(symbols);
    Map<String, Long> offsets = new HashMap<>();
    places.forEach(
        (buffer, place) -> {
          offsets.put(buffer, place.offset.evaluate(values));
          place.at.symbols().forEach(s -> values.put(s.name(), offsets.get(buffer)));
        });
    return offsets;
  }

  /** What some of the buffers take side by side; {@code symbols} as for {@link #bytes(Map)}. */
  public long sumBytes(Collection<String> buffers, Map<String, Long> symbols) {
    try {
      long sum = 0;
      for (String buffer : buffers) {
        sum = Math.addExact(sum, places.get(buffer).bytes.evaluate(symbols));
      }
      return sum;
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE;
    }
  }
}
