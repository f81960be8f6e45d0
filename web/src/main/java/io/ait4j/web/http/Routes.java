package io.ait4j.web.http;

import io.ait4j.web.access.Scope;
import io.javalin.Javalin;

/**
 * A part of the API. Every route is added with a {@link Scope} as its role, or none for what
 * everybody may ask; by the time a handler runs, its caller stands in {@link Caller#ATTRIBUTE}.
 */
public interface Routes {
  /** Adds the routes. */
  void addTo(Javalin app);
}
