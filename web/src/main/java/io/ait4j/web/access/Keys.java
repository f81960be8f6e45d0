package io.ait4j.web.access;

import io.ait4j.web.database.Database;
import io.ait4j.web.store.ContentHash;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jdbi.v3.core.result.RowView;

/**
 * The API keys: {@code ait4j_<id>_<32 random bytes>}, of which the database holds a SHA-256. That
 * is enough for secrets that nobody can guess; a slow hash is for passwords. Thread-safe.
 */
public final class Keys {
  private static final Pattern SECRET = Pattern.compile("ait4j_(k-[0-9a-f]{12})_[A-Za-z0-9_-]{43}");
  private static final String COLUMNS = "id, name, scopes, hash, created, revoked, last_used";

  private final Database database;
  private final SecureRandom random = new SecureRandom();

  public Keys(Database database) {
    this.database = database;
  }

  /**
   * A key that was just made.
   *
   * @param secret what its user sends; shown this once and kept nowhere
   */
  public record Created(ApiKey key, String secret) {
    /** Without the secret. */
    @Override
    public String toString() {
      return key.toString();
    }
  }

  /**
   * Makes a key.
   *
   * @param name at most 255 characters
   * @param scopes at least one
   */
  public Created create(String name, Set<Scope> scopes) {
    if (name.isBlank() || name.length() > 255 || scopes.isEmpty()) {
      throw new IllegalArgumentException("a key has a name of 1 to 255 characters and a scope");
    }
    byte[] id = new byte[6];
    byte[] bytes = new byte[32];
    random.nextBytes(id);
    random.nextBytes(bytes);
    ApiKey key =
        new ApiKey(
            "k-" + HexFormat.of().formatHex(id),
            name,
            scopes,
            Instant.now().truncatedTo(ChronoUnit.MILLIS),
            Optional.empty(),
            Optional.empty());
    String secret =
        "ait4j_" + key.id() + "_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    database.run(
        handle ->
            handle
                .createUpdate(
                    """
                    INSERT INTO api_key (id, name, scopes, hash, created)
                    VALUES (:id, :name, :scopes, :hash, :created)
                    """)
                .bind("id", key.id())
                .bind("name", key.name())
                .bind(
                    "scopes",
                    scopes.stream().map(Scope::name).sorted().collect(Collectors.joining(",")))
                .bind("hash", hash(secret))
                .bind("created", key.created())
                .execute());
    return new Created(key, secret);
  }

  /** Whose secret this is; empty for any that is wrong or revoked. */
  public Optional<ApiKey> authenticate(String secret) {
    Matcher matcher = SECRET.matcher(secret);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String presented = hash(secret);
    Optional<ApiKey> found =
        database.call(
            handle ->
                handle
                    .createQuery("SELECT " + COLUMNS + " FROM api_key WHERE id = :id")
                    .bind("id", matcher.group(1))
                    .map(row -> new Stored(key(row), row.getColumn("hash", String.class)))
                    .findOne()
                    .filter(stored -> same(stored.hash, presented))
                    .map(Stored::key)
                    .filter(key -> key.revoked().isEmpty()));
    found.ifPresent(this::touch);
    return found;
  }

  private record Stored(ApiKey key, String hash) {}

  private static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
  }

  /** Remembers the use, at most once a minute: a request should not cost a write. */
  private void touch(ApiKey key) {
    Instant minute = Instant.now().truncatedTo(ChronoUnit.MINUTES);
    if (key.lastUsed().isPresent() && !key.lastUsed().get().isBefore(minute)) {
      return;
    }
    database.run(
        handle ->
            handle
                .createUpdate("UPDATE api_key SET last_used = :now WHERE id = :id")
                .bind("now", minute)
                .bind("id", key.id())
                .execute());
  }

  /** All keys, revoked ones too, in the order of creation. */
  public List<ApiKey> list() {
    return database.call(
        handle ->
            handle
                .createQuery("SELECT " + COLUMNS + " FROM api_key ORDER BY created, id")
                .map(Keys::key)
                .list());
  }

  /** Whether there is a key that works. */
  public boolean any() {
    return database.call(
        handle ->
            handle
                    .createQuery("SELECT COUNT(*) FROM api_key WHERE revoked IS NULL")
                    .mapTo(Long.class)
                    .one()
                > 0);
  }

  /**
   * Revokes a key, on all servers at once.
   *
   * @return whether it worked before
   */
  public boolean revoke(String id) {
    return database.call(
        handle ->
            handle
                    .createUpdate(
                        "UPDATE api_key SET revoked = :now WHERE id = :id AND revoked IS NULL")
                    .bind("now", Instant.now())
                    .bind("id", id)
                    .execute()
                > 0);
  }

  private static ApiKey key(RowView row) {
    return new ApiKey(
        row.getColumn("id", String.class),
        row.getColumn("name", String.class),
        Arrays.stream(row.getColumn("scopes", String.class).split(","))
            .map(Scope::valueOf)
            .collect(Collectors.toUnmodifiableSet()),
        row.getColumn("created", Instant.class),
        Optional.ofNullable(row.getColumn("revoked", Instant.class)),
        Optional.ofNullable(row.getColumn("last_used", Instant.class)));
  }

  private static String hash(String secret) {
    return HexFormat.of()
        .formatHex(ContentHash.begin().digest(secret.getBytes(StandardCharsets.US_ASCII)));
  }
}
