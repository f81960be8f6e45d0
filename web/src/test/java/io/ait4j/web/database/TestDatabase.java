package io.ait4j.web.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/** The databases that tests run on: H2, and a real PostgreSQL server that lives as long as we. */
public enum TestDatabase {
  EMBEDDED {
    @Override
    public DatabaseSettings fresh(Path folder) {
      return DatabaseSettings.embedded(folder);
    }
  },
  POSTGRESQL {
    @Override
    public DatabaseSettings fresh(Path folder) {
      String name = "test" + COUNT.incrementAndGet();
      try (Connection connection = Server.RUNNING.getPostgresDatabase().getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE DATABASE " + name);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
      return DatabaseSettings.postgresql(
          Server.RUNNING.getJdbcUrl("postgres", name), "postgres", "");
    }
  };

  private static final AtomicInteger COUNT = new AtomicInteger();

  private static final class Server {
    static final EmbeddedPostgres RUNNING = start();

    private static EmbeddedPostgres start() {
      try {
        EmbeddedPostgres server =
            EmbeddedPostgres.builder()
                .setServerConfig("fsync", "off")
                .setServerConfig("max_connections", "200")
                .start();
        Runtime.getRuntime()
            .addShutdownHook(
                new Thread(
                    () -> {
                      try {
                        server.close();
                      } catch (IOException e) {
                        throw new UncheckedIOException(e);
                      }
                    }));
        return server;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** A database without tables; what is embedded lies in {@code folder}. */
  public abstract DatabaseSettings fresh(Path folder);
}
