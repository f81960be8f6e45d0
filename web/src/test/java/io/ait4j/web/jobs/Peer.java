package io.ait4j.web.jobs;

import io.ait4j.web.convert.Converter;
import io.ait4j.web.database.DatabaseSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A server in a process of its own, which dies in each conversion that it begins. */
final class Peer {
  private Peer() {}

  /** Arguments: a folder, the database's URL, user, and perhaps a model to submit. */
  public static void main(String[] arguments) throws Exception {
    Converter deadly =
        (task, listener) -> {
          Runtime.getRuntime().halt(77);
          throw new IllegalStateException();
        };
    TestQueue test =
        new TestQueue(
            Path.of(arguments[0]),
            new DatabaseSettings(arguments[1], arguments[2], "", 8),
            deadly,
            Retention.FOREVER,
            "peer",
            1);
    if (arguments.length > 3) {
      test.submit("me", arguments[3], "a");
    }
    Thread.sleep(Long.MAX_VALUE);
  }

  /** Runs one until it dies of a conversion. */
  static void die(Path folder, DatabaseSettings database, List<String> models)
      throws IOException, InterruptedException {
    List<String> command =
        new java.util.ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Peer.class.getName(),
                folder.toString(),
                database.url(),
                database.user()));
    command.addAll(models);
    Process process = new ProcessBuilder(command).inheritIO().start();
    try {
      int exit = process.waitFor();
      if (exit != 77) {
        throw new IllegalStateException("the peer ended with " + exit);
      }
    } finally {
      process.destroyForcibly();
    }
  }
}
