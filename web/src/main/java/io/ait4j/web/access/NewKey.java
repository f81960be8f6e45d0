package io.ait4j.web.access;

/**
 * A key that was just made.
 *
 * @param secret what its user sends; shown this once and kept nowhere
 */
public record NewKey(Key key, String secret) {
  /** Without the secret. */
  @Override
  public String toString() {
    return key.toString();
  }
}
