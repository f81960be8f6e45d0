package io.ait4j.web.http;

import io.ait4j.web.access.Scope;
import io.javalin.http.Context;
import java.util.Objects;
import java.util.Set;

/**
 * Who makes a request.
 *
 * @param id of the key; {@code anonymous} on an open server
 */
public record Caller(String id, String name, Set<Scope> scopes) {
  /** The attribute of a request's context that holds its caller. */
  public static final String ATTRIBUTE = "ait4j.caller";

  /** The id of who has no key. */
  static final String ANONYMOUS = "anonymous";

  public Caller {
    scopes = Set.copyOf(scopes);
  }

  /** Who makes this request, in a handler of a route. */
  public static Caller of(Context ctx) {
    return Objects.requireNonNull(ctx.attribute(ATTRIBUTE));
  }

  /** Whose share a request is of: the key's, or the address's that has none. */
  static String account(Context ctx) {
    Caller caller = of(ctx);
    return caller.id().equals(ANONYMOUS) ? ctx.ip() : caller.id();
  }

  /** Whether the caller may do what {@code scope} stands for. */
  public boolean may(Scope scope) {
    return scopes.contains(scope) || scopes.contains(Scope.ADMIN);
  }

  /** Whether what {@code owner} has is the caller's to see and change. */
  public boolean owns(String owner) {
    return id.equals(owner) || scopes.contains(Scope.ADMIN);
  }
}
