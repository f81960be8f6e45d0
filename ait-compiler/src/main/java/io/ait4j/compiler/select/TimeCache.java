package io.ait4j.compiler.select;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Times of kernels in an SQLite file, which processes share. A key says all that decides a time:
 * the kernel's text and headers, its sizes, the compiler, the kind of GPU. A file that cannot be
 * read is replaced; a folder that cannot be written means that nothing is remembered.
 */
final class TimeCache {
  private static final Logger LOG = LoggerFactory.getLogger(TimeCache.class);
  private static final int WAIT_MILLIS = 10_000; // for other processes
  private static final int MOST_ROWS = 100_000;
  private static final int ERROR = 1; // SQLITE_ERROR: columns of another version
  private static final int CORRUPT = 11; // SQLITE_CORRUPT
  private static final int NO_DATABASE = 26; // SQLITE_NOTADB

  private static final String TABLE =
      """
      CREATE TABLE IF NOT EXISTS kernel_times (
        key TEXT PRIMARY KEY,
        micros REAL NOT NULL,
        tile TEXT NOT NULL,
        sizes TEXT NOT NULL,
        gpu TEXT NOT NULL,
        taken TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP)
      """;

  /** The oldest beyond so many. */
  private static final String FORGET =
      "DELETE FROM kernel_times WHERE rowid IN (SELECT rowid FROM kernel_times"
          + " ORDER BY rowid DESC LIMIT -1 OFFSET "
          + MOST_ROWS
          + ")";

  private final Path file;
  private final String gpu;
  private final AtomicBoolean warned = new AtomicBoolean();

  /**
   * @param folder made when needed; null to remember nothing
   * @param gpu what the times are of, for people who look into the file
   */
  TimeCache(Path folder, String gpu) {
    this.file = folder == null ? null : folder.resolve("kernel_times.sqlite");
    this.gpu = gpu;
  }

  private interface Work<T> {
    T with(Connection connection) throws SQLException;
  }

  /** The times of those of these keys that are known, in microseconds. */
  Map<String, Double> find(Collection<String> keys) {
    if (keys.isEmpty()) {
      return Map.of();
    }
    return use(
        connection -> {
          Map<String, Double> times = new HashMap<>();
          try (PreparedStatement find =
              connection.prepareStatement("SELECT micros FROM kernel_times WHERE key = ?")) {
            for (String key : keys) {
              find.setString(1, key);
              try (ResultSet row = find.executeQuery()) {
                if (row.next()) {
                  times.put(key, row.getDouble(1));
                }
              }
            }
          }
          return times;
        },
        Map.of());
  }

  /** Remembers times, in the order of the trials, all or none of them. */
  void insert(List<Trial> trials, List<Double> micros) {
    use(
        connection -> {
          connection.setAutoCommit(false);
          try (PreparedStatement insert =
              connection.prepareStatement(
                  "INSERT OR REPLACE INTO kernel_times (key, micros, tile, sizes, gpu)"
                      + " VALUES (?, ?, ?, ?, ?)")) {
            for (int i = 0; i < trials.size(); i++) {
              Trial trial = trials.get(i);
              insert.setString(1, trial.key());
              insert.setDouble(2, micros.get(i));
              insert.setString(3, trial.candidate().tile());
              insert.setString(4, trial.text().numbers().toString());
              insert.setString(5, gpu);
              insert.addBatch();
            }
            insert.executeBatch();
          }
          try (Statement forget = connection.createStatement()) {
            forget.execute(FORGET);
          }
          connection.commit();
          return null;
        },
        null);
  }

  private <T> T use(Work<T> work, T otherwise) {
    if (file == null) {
      return otherwise;
    }
    try {
      Files.createDirectories(file.getParent());
      try {
        return open(work);
      } catch (SQLException e) {
        int code = e.getErrorCode() & 0xff;
        if (code != ERROR && code != CORRUPT && code != NO_DATABASE) {
          throw e;
        }
        LOG.warn("{} is damaged, or of another version, and is made again", file);
        Files.deleteIfExists(file);
        return open(work);
      }
    } catch (SQLException | IOException e) {
      if (!warned.getAndSet(true)) {
        LOG.warn("Kernels' times in {} cannot be used ({})", file, e.toString());
      }
      return otherwise;
    }
  }

  private <T> T open(Work<T> work) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA busy_timeout = " + WAIT_MILLIS);
        statement.execute(TABLE);
      }
      return work.with(connection);
    }
  }
}
