package io.ait4j.web.jobs;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The API keys of all servers that share a database. Thread-safe. */
public interface Keys {
  /** Makes a key of 32 random bytes, of which the database keeps the SHA-256 only. */
  Created create(String name, Set<String> scopes);

  /**
   * A new key.
   *
   * @param secret what callers send; nobody can read it again
   */
  record Created(ApiKey key, String secret) {}

  /** The key that a caller sent, if it is one of ours and not revoked; remembers its use. */
  Optional<ApiKey> authenticate(String secret);

  /** All keys, revoked ones too, oldest first. */
  List<ApiKey> list();

  /**
   * Makes a key useless at once, on all servers.
   *
   * @return whether it was of use before
   */
  boolean revoke(String id);

  /** Whether there is a key that is not revoked. */
  boolean any();
}
