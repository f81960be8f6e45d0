package io.ait4j.web.access;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * An API key without its secret.
 *
 * @param id public, {@code k-} and 12 characters of {@code [a-z0-9]}: it stands at the key's
 *     beginning, in lists and in the audit log
 * @param name whose or what for, as whoever made it says
 * @param lastUsed to the minute
 */
public record ApiKey(
    String id,
    String name,
    Set<Scope> scopes,
    Instant created,
    Optional<Instant> revoked,
    Optional<Instant> lastUsed) {
  public ApiKey {
    scopes = Set.copyOf(scopes);
  }
}
