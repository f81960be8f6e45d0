package io.ait4j.web.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.ModelException;
import io.ait4j.web.database.Database;
import io.ait4j.web.database.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerNameTest {
  @TempDir private Path folder;

  private QueueSettings settings(String place, Duration heartbeat) {
    return new QueueSettings("name", place, 1, folder, Retention.FOREVER, heartbeat);
  }

  @Test
  void aServerThatLivesKeepsItsNameAndADeadOneLosesIt() {
    QueueSettings here = settings("here", Duration.ofMillis(20));
    QueueSettings patient = settings("here", Duration.ofSeconds(1));
    QueueSettings there = settings("there", Duration.ofMillis(200));
    try (Database database = Database.open(TestDatabase.POSTGRESQL.fresh(folder))) {
      try (ServerName living = ServerName.take(database, here)) {
        assertThat(living).isNotNull();
        assertThatThrownBy(() -> ServerName.take(database, there))
            .isInstanceOfSatisfying(
                ModelException.class,
                e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.USAGE))
            .hasMessageContaining("another server, at here, has the name name");
      }
      // The name is free: nobody waits for heartbeats of an hour.
      ServerName dead = ServerName.take(database, settings("here", Duration.ofHours(1)));
      try (ServerName next = ServerName.take(database, there)) {
        assertThat(next).isNotNull();
        dead.close(); // takes nothing from the next one
        assertThatThrownBy(() -> ServerName.take(database, patient))
            .hasMessageContaining("at there");
      }
    }
  }

  @Test
  void whoStartsAgainAtItsPlaceHasItsNameAtOnce() {
    QueueSettings settings = settings("here", Duration.ofHours(1));
    try (Database database = Database.open(TestDatabase.POSTGRESQL.fresh(folder))) {
      ServerName killed = ServerName.take(database, settings);
      try (ServerName again = ServerName.take(database, settings)) {
        assertThat(again).isNotSameAs(killed);
      }
    }
  }
}
