package io.ait4j.web.jobs;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.jdbc.DefaultJdbcCustomization;
import com.github.kagkarlsson.scheduler.jdbc.JdbcCustomization;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.time.Instant;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;

/** Puts work into the scheduler's table within a transaction of ours: both happen, or neither. */
final class Enqueuing {
  /** The task whose instances are works. */
  static final TaskDescriptor<Void> CONVERSION = TaskDescriptor.of("conversion");

  /** The zone of a time is kept, on either database. */
  static final JdbcCustomization DIALECT = new DefaultJdbcCustomization(false);

  private Enqueuing() {}

  static void enqueue(Handle handle, String work) {
    TaskInstance<Void> instance = CONVERSION.instance(work).build();
    SchedulerClient.Builder.create(only(handle.getConnection()))
        .jdbcCustomization(DIALECT)
        .build()
        .scheduleIfNotExists(instance, Instant.now());
  }

  private static DataSource only(Connection connection) {
    Connection kept = kept(connection);
    return (DataSource)
        Proxy.newProxyInstance(
            Enqueuing.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("getConnection")) {
                return kept;
              }
              throw new UnsupportedOperationException(method.getName());
            });
  }

  /** The transaction goes on when the scheduler is done with its connection. */
  private static Connection kept(Connection connection) {
    return (Connection)
        Proxy.newProxyInstance(
            Enqueuing.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("close")) {
                return null;
              }
              try {
                return method.invoke(connection, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
