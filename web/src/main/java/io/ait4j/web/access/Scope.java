package io.ait4j.web.access;

import java.util.Locale;

/** What a key may do; ADMIN may do all, with everybody's. */
public enum Scope {
  CONVERT,
  INFER,
  ADMIN;

  /** As settings and JSON spell it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
