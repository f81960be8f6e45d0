package io.ait4j.web.database;

import java.sql.Types;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;

/** Texts of callers may hold a zero character, which PostgreSQL refuses. */
final class TextArgument extends AbstractArgumentFactory<String> {
  TextArgument() {
    super(Types.VARCHAR);
  }

  @Override
  protected Argument build(String value, ConfigRegistry config) {
    String stored = value.replace('\0', '\uFFFD');
    return (position, statement, context) -> statement.setString(position, stored);
  }
}
