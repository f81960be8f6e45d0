package io.ait4j.web.database;

import io.ait4j.fx.ModelException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Where the database is.
 *
 * @param url for JDBC
 * @param connections at most so many at a time
 */
public record DatabaseSettings(String url, String user, String password, int connections) {
  private static final String POSTGRESQL = "jdbc:postgresql:";

  /** Its channels stay open when a thread that uses one is interrupted. */
  private static final String H2 = "jdbc:h2:async:";

  /** What is committed is in the file: by default a process that is killed loses half a second. */
  private static final String H2_SETTINGS =
      ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0";

  public DatabaseSettings {
    Objects.requireNonNull(url);
    Objects.requireNonNull(user);
    Objects.requireNonNull(password);
  }

  /**
   * An H2 database in {@code folder}, for one server at a time.
   *
   * @throws ModelException (USAGE) if H2 would take a part of the path for a setting
   */
  public static DatabaseSettings embedded(Path folder) {
    String path = folder.toAbsolutePath().normalize().resolve("ait4j").toString();
    if (path.indexOf(';') >= 0) {
      throw new ModelException(
          ModelException.Kind.USAGE,
          "the embedded database cannot lie in " + folder + ": its path has a semicolon");
    }
    return new DatabaseSettings(H2 + path + H2_SETTINGS, "ait4j", "", 16);
  }

  /**
   * A PostgreSQL database, for any number of servers.
   *
   * @param url {@code jdbc:postgresql://host:port/database}; user and password may stand in it
   * @throws ModelException (USAGE) if it is another kind of URL
   */
  public static DatabaseSettings postgresql(String url, String user, String password) {
    if (!url.startsWith(POSTGRESQL)) {
      throw new ModelException(
          ModelException.Kind.USAGE,
          "the database's URL begins with "
              + POSTGRESQL
              + "//; leave the setting out for the embedded one");
    }
    return new DatabaseSettings(url, user, password, 16);
  }

  /** Whether only one server at a time can use it. */
  public boolean isEmbedded() {
    return !url.startsWith(POSTGRESQL);
  }

  /** Without the password. */
  @Override
  public String toString() {
    return isEmbedded() ? "the embedded database" : "the PostgreSQL database";
  }
}
