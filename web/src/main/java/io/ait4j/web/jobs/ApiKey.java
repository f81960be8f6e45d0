package io.ait4j.web.jobs;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * A key as the database has it, without the secret itself.
 *
 * @param id public: {@code k-} and characters of {@code [a-z0-9]}
 * @param name what its maker calls it
 * @param scopes what it may do: {@code convert}, {@code infer}, {@code admin}
 * @param lastUsed to the minute
 */
public record ApiKey(
    String id,
    String name,
    Set<String> scopes,
    Instant created,
    Optional<Instant> revoked,
    Optional<Instant> lastUsed) {
  public ApiKey {
    scopes = Set.copyOf(scopes);
  }
}
