package io.ait4j.web.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.fx.ModelException;
import io.ait4j.web.convert.Converter;
import io.ait4j.web.database.Database;
import io.ait4j.web.database.DatabaseSettings;
import io.ait4j.web.database.DatabaseUnavailable;
import io.ait4j.web.database.TestDatabase;
import io.ait4j.web.store.FileStore;
import io.ait4j.web.store.FolderStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutagesTest {
  @TempDir Path folder;

  @Test
  void aStoreThatFailsIsNoFaultOfTheJob() throws Exception {
    FileStore store = FolderStore.open(folder.resolve("store"));
    AtomicInteger failures = new AtomicInteger(Works.MOST_CRASHES + 1);
    FileStore failing =
        (FileStore)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {FileStore.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("put")
                      && arguments[0].toString().startsWith("results/")
                      && failures.getAndDecrement() > 0) {
                    throw new ModelException(ModelException.Kind.IO, "no space left");
                  }
                  try {
                    return method.invoke(store, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
    try (TestQueue test =
        new TestQueue(
            folder,
            TestDatabase.EMBEDDED.fresh(folder),
            (task, listener) -> TestQueue.result(task),
            Retention.FOREVER,
            "server",
            1,
            failing)) {
      Job job = test.await(test.submit("me", "m", null).id(), JobState.SUCCEEDED);
      assertThat(job.attempts()).isEqualTo(Works.MOST_CRASHES + 2);
    }
  }

  @Test
  void aDatabaseThatEndsConnectionsLosesNoResult() throws Exception {
    DatabaseSettings settings = TestDatabase.POSTGRESQL.fresh(folder);
    Converter converter =
        (task, listener) -> {
          try (Database other = Database.open(settings)) {
            other.run(
                handle ->
                    handle.execute(
                        """
                        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                        WHERE datname = current_database() AND pid <> pg_backend_pid()
                        """));
          }
          return TestQueue.result(task);
        };
    try (TestQueue test = new TestQueue(folder, settings, converter)) {
      String id = test.submit("me", "m", null).id();
      TestQueue.await(
          () -> {
            try {
              return test.queue.find(id).orElseThrow().state() == JobState.SUCCEEDED;
            } catch (DatabaseUnavailable e) {
              return false;
            }
          },
          () -> id);
      assertThat(test.queue.find(id).orElseThrow().attempts()).isEqualTo(1);
    }
  }
}
