package io.ait4j.web.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.web.database.Database;
import io.ait4j.web.database.TestDatabase;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KeysTest {
  private static final String HOSTILE = "'; DROP TABLE api_key; --\0\r\n\"\\";

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void aKeyIsKnownByItsWholeSecretUntilItIsRevoked(TestDatabase kind) {
    try (Database database = Database.open(kind.fresh(folder))) {
      Keys keys = new Keys(database);
      assertThat(keys.any()).isFalse();
      Keys.Created made = keys.create(HOSTILE, Set.of(Scope.CONVERT, Scope.INFER));
      Keys.Created other = keys.create("other", Set.of(Scope.ADMIN));

      assertThat(keys.authenticate(made.secret()))
          .hasValueSatisfying(
              key -> {
                assertThat(key.id()).isEqualTo(made.key().id());
                assertThat(key.name()).isEqualTo(HOSTILE.replace('\0', '\uFFFD'));
                assertThat(key.scopes()).containsExactlyInAnyOrder(Scope.CONVERT, Scope.INFER);
                assertThat(key.created()).isEqualTo(made.key().created());
              });
      String spliced = other.secret().substring(0, 20) + made.secret().substring(20);
      assertThat(spliced).hasSameSizeAs(made.secret()).isNotEqualTo(made.secret());
      assertThat(keys.authenticate(spliced)).isEmpty();
      assertThat(keys.authenticate("")).isEmpty();
      assertThat(keys.authenticate("ait4j_' OR 1=1 --")).isEmpty();

      assertThat(keys.revoke("' OR 1=1 --\0")).isFalse();
      assertThat(keys.revoke(made.key().id())).isTrue();
      assertThat(keys.revoke(made.key().id())).isFalse();
      assertThat(keys.authenticate(made.secret())).isEmpty();
      assertThat(keys.authenticate(other.secret())).isPresent();
      assertThat(keys.any()).isTrue();
      assertThat(keys.list())
          .extracting(ApiKey::id)
          .containsExactlyInAnyOrder(made.key().id(), other.key().id());
      assertThat(keys.list())
          .filteredOn(key -> key.revoked().isPresent())
          .extracting(ApiKey::id)
          .containsExactly(made.key().id());
      assertThat(keys.list()).allMatch(key -> key.lastUsed().isPresent());
    }
  }

  @ParameterizedTest
  @EnumSource
  void secretsAreNotInTheDatabase(TestDatabase kind) {
    try (Database database = Database.open(kind.fresh(folder))) {
      Keys.Created made = new Keys(database).create("somebody", Set.of(Scope.INFER));
      String random = made.secret().substring("ait4j_".length() + made.key().id().length() + 1);
      List<String> rows =
          database.call(
              handle ->
                  handle
                      .createQuery("SELECT * FROM api_key")
                      .mapToMap()
                      .map(Object::toString)
                      .list());
      assertThat(rows).hasSize(1).allMatch(row -> row.contains(made.key().id()));
      assertThat(rows).noneMatch(row -> row.contains(random));
      assertThat(made.toString()).doesNotContain(random);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theAuditLogKeepsWhatItIsGivenInOrder(TestDatabase kind) {
    try (Database database = Database.open(kind.fresh(folder))) {
      AuditLog log = new AuditLog(database);
      Instant start = Instant.parse("2026-03-29T00:59:59.123Z");
      for (int i = 0; i < 4; i++) {
        log.add(entry(start.plusSeconds(i), HOSTILE + i));
      }
      log.add(entry(start.plusSeconds(9), "x".repeat(1000)));

      assertThat(log.list(Optional.empty(), 2))
          .extracting(AuditLog.Entry::subject)
          .containsExactly("x".repeat(255), HOSTILE.replace('\0', '\uFFFD') + 3);
      assertThat(log.list(Optional.of(start.plusSeconds(2)), 9))
          .extracting(AuditLog.Entry::at)
          .containsExactly(start.plusSeconds(1), start);
      assertThat(log.forget(start.plusSeconds(3))).isEqualTo(3);
      assertThat(log.list(Optional.empty(), 9)).hasSize(2);
    }
  }

  private static AuditLog.Entry entry(Instant at, String subject) {
    return new AuditLog.Entry(at, "k1", "127.0.0.1", "conversion.create", subject, 202);
  }
}
