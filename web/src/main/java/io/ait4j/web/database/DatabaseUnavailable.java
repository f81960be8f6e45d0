package io.ait4j.web.database;

/** The database does not answer: worth another try later. */
public final class DatabaseUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DatabaseUnavailable(Throwable cause) {
    super("the database does not answer; try again later", cause);
  }
}
