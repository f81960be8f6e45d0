package io.ait4j.web.access;

import io.javalin.security.RouteRole;
import java.util.Locale;

/** What a key may do; ADMIN may do all, with everybody's. */
public enum Scope implements RouteRole {
  CONVERT,
  INFER,
  ADMIN;

  /** As settings and JSON spell it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
