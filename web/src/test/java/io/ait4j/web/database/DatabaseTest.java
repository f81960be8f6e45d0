package io.ait4j.web.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.ModelException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
  private static final String END = "SELECT pg_terminate_backend(pg_backend_pid())";

  @TempDir Path folder;

  @Test
  void aConnectionThatEndsIsTheDatabasesFaultAndTheNextOneWorks() {
    try (Database database = Database.open(TestDatabase.POSTGRESQL.fresh(folder))) {
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> database.run(handle -> handle.execute(END)))
            .isInstanceOf(DatabaseUnavailable.class);
      }
      int one = database.call(handle -> handle.createQuery("SELECT 1").mapTo(Integer.class).one());
      assertThat(one).isEqualTo(1);
    }
  }

  @Test
  void saysWhyItCannotBeOpened() {
    DatabaseSettings nobody =
        DatabaseSettings.postgresql("jdbc:postgresql://127.0.0.1:1/x", "me", "hidden");
    assertThatThrownBy(() -> Database.open(nobody))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("PostgreSQL")
        .hasMessageNotContaining("hidden");
    DatabaseSettings mistyped = DatabaseSettings.postgresql("jdbc:postgresql://h:port/x", "", "");
    assertThatThrownBy(() -> Database.open(mistyped)).isInstanceOf(ModelException.class);
    assertThatThrownBy(() -> DatabaseSettings.postgresql("jdbc:h2:mem:", "", ""))
        .isInstanceOf(ModelException.class);
    assertThatThrownBy(() -> DatabaseSettings.embedded(Path.of("/x;INIT=RUNSCRIPT")))
        .isInstanceOf(ModelException.class);
  }
}
