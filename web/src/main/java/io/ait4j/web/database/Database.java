package io.ait4j.web.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.ait4j.fx.ModelException;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * The open database, its tables up to date. Its SQL runs on H2 and on PostgreSQL, where {@code READ
 * COMMITTED} holds: a statement sees what was committed before it began. Thread-safe.
 */
public final class Database implements AutoCloseable {
  /** Deadlocks, lost races and locks that took too long: the same again may pass. */
  private static final Pattern PASSING = Pattern.compile("40001|40P01|HYT00|90131");

  /** No connection, or one that ended; a server that shuts down or starts; a closed H2. */
  private static final Pattern GONE = Pattern.compile("08...|57P0.|90067|90098|90121");

  private static final int ATTEMPTS = 10;

  private final DatabaseSettings settings;
  private final HikariDataSource pool;
  private final Jdbi jdbi;

  private Database(DatabaseSettings settings, HikariDataSource pool) {
    this.settings = settings;
    this.pool = pool;
    this.jdbi =
        Jdbi.create(pool)
            .registerArgument(new InstantArgument())
            .registerArgument(new TextArgument())
            .registerColumnMapper(
                Instant.class,
                (row, column, context) -> {
                  OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
                  return time == null ? null : time.toInstant();
                });
  }

  /**
   * Connects, and makes or changes the tables; several servers may do so at once.
   *
   * @throws ModelException (IO) if it cannot be reached or opened, or is of a newer ait4j
   */
  public static Database open(DatabaseSettings settings) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("ait4j");
    config.setJdbcUrl(settings.url());
    config.setUsername(settings.user());
    config.setPassword(settings.password());
    config.setMaximumPoolSize(settings.connections());
    config.setMinimumIdle(1);
    config.setConnectionTimeout(10_000);
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    HikariDataSource pool = null;
    try {
      pool = new HikariDataSource(config);
      Flyway.configure(Database.class.getClassLoader())
          .dataSource(pool)
          .locations("classpath:io/ait4j/web/database")
          .validateMigrationNaming(true)
          .load()
          .migrate();
      return new Database(settings, pool);
    } catch (RuntimeException e) { // Hikari throws such of its own for a URL of no driver
      if (pool != null) {
        pool.close();
      }
      throw new ModelException(
          ModelException.Kind.IO,
          "cannot open " + settings + " (" + reason(e) + "); " + advice(settings),
          e);
    }
  }

  private static String reason(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage()).strip().lines().findFirst().orElse("no reason given");
  }

  private static String advice(DatabaseSettings settings) {
    return settings.isEmbedded()
        ? "only one server at a time can use it: stop the other one, or use PostgreSQL"
        : "check its URL, user and password, and that it runs";
  }

  /** What it was opened with. */
  public DatabaseSettings settings() {
    return settings;
  }

  /** The connections, for libraries with tables of their own. */
  public DataSource connections() {
    return pool;
  }

  /**
   * Runs {@code work} as one transaction, again if others were in its way: it should change nothing
   * but the database.
   *
   * @throws DatabaseUnavailable if there is no connection, or it ends: if that was as the
   *     transaction was committed, it may have passed
   */
  public <T> T call(Function<Handle, T> work) {
    for (int attempt = 1; ; attempt++) {
      try {
        return jdbi.inTransaction(work::apply);
      } catch (ConnectionException e) {
        throw new DatabaseUnavailable(e);
      } catch (JdbiException e) {
        if (has(e, GONE)) {
          throw new DatabaseUnavailable(e);
        }
        if (attempt == ATTEMPTS || !has(e, PASSING)) {
          throw e;
        }
        pause(attempt);
      }
    }
  }

  /** Like {@link #call}, for work without a result. */
  public void run(Consumer<Handle> work) {
    call(
        handle -> {
          work.accept(handle);
          return null;
        });
  }

  private static boolean has(Throwable e, Pattern states) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql
          && sql.getSQLState() != null
          && states.matcher(sql.getSQLState()).matches()) {
        return true;
      }
    }
    return false;
  }

  /** Lets those who met go apart. */
  private static void pause(int attempt) {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(5L << Math.min(attempt, 6)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
