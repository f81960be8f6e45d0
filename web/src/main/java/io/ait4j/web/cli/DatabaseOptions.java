package io.ait4j.web.cli;

import io.ait4j.web.database.DatabaseSettings;
import java.nio.file.Path;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Where the database is, for all commands that want it. */
class DatabaseOptions {
  @Option(
      names = "--config",
      scope = ScopeType.INHERIT,
      paramLabel = "FILE",
      description = "Take options from this file: lines NAME=VALUE, NAME without the dashes.")
  private Path config;

  @Option(
      names = "--data",
      scope = ScopeType.INHERIT,
      paramLabel = "DIR",
      defaultValue = "${sys:user.home}/.ait4j/server",
      description =
          "Folder for caches and what is temporary, by default for database and store too"
              + " (~/.ait4j/server).")
  private Path data;

  @Option(
      names = "--database",
      scope = ScopeType.INHERIT,
      paramLabel = "URL",
      description =
          "A PostgreSQL database, jdbc:postgresql://HOST/NAME, which servers may share; without"
              + " it, one embedded in --data.")
  private String database;

  @Option(
      names = "--database-user",
      scope = ScopeType.INHERIT,
      paramLabel = "NAME",
      defaultValue = "",
      description = "Who connects to --database.")
  private String user;

  @Option(
      names = "--database-password",
      scope = ScopeType.INHERIT,
      paramLabel = "SECRET",
      defaultValue = "",
      description = "Its password: better in the environment, as flags are there for all to see.")
  private String password;

  Path data() {
    return data.toAbsolutePath().normalize();
  }

  DatabaseSettings database() {
    return database == null
        ? DatabaseSettings.embedded(data())
        : DatabaseSettings.postgresql(database, user, password);
  }
}
