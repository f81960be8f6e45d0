package io.ait4j.web.http;

import io.ait4j.fx.ModelException;
import io.ait4j.web.access.ApiKey;
import io.ait4j.web.access.Keys;
import io.ait4j.web.access.Scope;
import io.javalin.http.Context;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Who a caller is and what it may do. A server is open, everybody may do everything, as long as it
 * listens on loopback and there is no key; it then answers pages of its own only, so that no other
 * site reaches it through a browser on this machine.
 */
final class Access {
  /** The attribute of a request's context that holds the path of its route. */
  static final String ROUTE = "ait4j.route";

  private static final Caller ANONYMOUS =
      new Caller(Caller.ANONYMOUS, Caller.ANONYMOUS, EnumSet.allOf(Scope.class));
  private static final Pattern OWN_NAMES =
      Pattern.compile("(localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d+)?");

  private final Keys keys;
  private final boolean loopback;
  private final RateLimit rate;
  private volatile boolean open;

  private Access(HttpSettings settings, Keys keys) {
    this.keys = keys;
    this.loopback = isLoopback(settings.host());
    this.rate = new RateLimit(settings.requestsPerSecond());
    this.open = loopback && keys.list().isEmpty();
  }

  /**
   * @throws ModelException (USAGE) if the server would be open to other machines
   */
  static Access of(HttpSettings settings, Keys keys) {
    Access access = new Access(settings, keys);
    if (!access.loopback && !keys.any()) {
      throw new ModelException(
          ModelException.Kind.USAGE,
          ("a server without keys listens on this machine only, and %s is not loopback:"
                  + " make a key first (ait4j keys create NAME --scopes admin), or leave out --host")
              .formatted(settings.host()));
    }
    return access;
  }

  private static boolean isLoopback(String host) {
    try {
      return Stream.of(InetAddress.getAllByName(host)).allMatch(InetAddress::isLoopbackAddress);
    } catch (UnknownHostException e) {
      throw new ModelException(
          ModelException.Kind.USAGE, "--host " + host + " is no name or address that is known", e);
    }
  }

  /** Once there was a key, the server stays closed: revoking the last one opens nothing. */
  private boolean isOpen() {
    if (open && keys.any()) {
      open = false;
    }
    return open;
  }

  /** Refuses requests that another site's page made of an open server. */
  void check(Context ctx) {
    if (!isOpen()) {
      return;
    }
    String host = ctx.header("Host");
    if (host == null || !OWN_NAMES.matcher(host.toLowerCase(Locale.ROOT)).matches()) {
      rate.count(ctx.ip());
      throw new Problem(
          Problems.WRONG_HOST, "a server without keys answers to localhost, not to " + host);
    }
    String origin = ctx.header("Origin");
    if (origin != null && !origin.equals(ctx.scheme() + "://" + host)) {
      rate.count(ctx.ip());
      throw new Problem(
          Problems.FORBIDDEN, "a server without keys takes no requests from pages of " + origin);
    }
  }

  /** Lets a caller through that may do what the route is for. */
  void admit(Context ctx) {
    Set<Scope> wanted =
        ctx.routeRoles().stream().map(Scope.class::cast).collect(Collectors.toSet());
    ctx.attribute(ROUTE, ctx.endpointHandlerPath());
    Caller caller = caller(ctx, !wanted.isEmpty());
    ctx.attribute(Caller.ATTRIBUTE, caller);
    if (!ctx.path().endsWith("/infer")) { // models' queues have bounds of their own
      rate.count(Caller.account(ctx));
    }
    if (!wanted.isEmpty() && wanted.stream().noneMatch(caller::may)) {
      throw new Problem(
          Problems.FORBIDDEN,
          "key %s has not the scope %s"
              .formatted(
                  caller.id(),
                  wanted.stream()
                      .map(Scope::toString)
                      .sorted()
                      .collect(Collectors.joining(" or "))));
    }
  }

  private Caller caller(Context ctx, boolean needed) {
    String header = ctx.header("Authorization");
    if (header == null) {
      if (isOpen()) {
        return ANONYMOUS;
      }
      if (!needed) {
        return new Caller(Caller.ANONYMOUS, Caller.ANONYMOUS, Set.of());
      }
      throw unauthenticated(ctx, "the header Authorization is missing");
    }
    if (!header.regionMatches(true, 0, "Bearer ", 0, 7)) {
      throw unauthenticated(ctx, "the header Authorization is not \"Bearer KEY\"");
    }
    ApiKey key =
        keys.authenticate(header.substring(7).strip())
            .orElseThrow(() -> unauthenticated(ctx, "there is no such key, or it was revoked"));
    return new Caller(key.id(), key.name(), key.scopes());
  }

  private Problem unauthenticated(Context ctx, String why) {
    rate.count(ctx.ip());
    ctx.header("WWW-Authenticate", "Bearer realm=\"ait4j\"");
    return new Problem(
        Problems.UNAUTHENTICATED, why + ": send \"Authorization: Bearer KEY\" with a key of yours");
  }
}
