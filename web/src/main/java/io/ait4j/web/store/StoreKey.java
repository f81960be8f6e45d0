package io.ait4j.web.store;

import io.ait4j.fx.ModelException;
import java.util.regex.Pattern;

/** What a key may look like: nothing in it can leave the store. */
final class StoreKey {
  private static final Pattern LEGAL =
      Pattern.compile("[a-z0-9][a-z0-9.-]*(/[a-z0-9][a-z0-9.-]*)*");

  private StoreKey() {}

  static String require(String key) {
    if (!LEGAL.matcher(key).matches()) {
      throw new IllegalArgumentException("not a key of the store");
    }
    return key;
  }

  static void requireRange(String key, long offset, long length, long size) {
    if (offset < 0 || length < 0 || offset > size - length) {
      throw new ModelException(
          ModelException.Kind.IO,
          "cannot read %d bytes of %s from %d on: it has %d".formatted(length, key, offset, size));
    }
  }
}
