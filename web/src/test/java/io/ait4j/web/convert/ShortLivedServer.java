package io.ait4j.web.convert;

import io.ait4j.web.process.WorkerLimits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Converts a model in a worker; to be killed. */
final class ShortLivedServer {
  private ShortLivedServer() {}

  public static void main(String[] arguments) throws Exception {
    new ConversionProcess(
            new WorkerLimits(3L << 30, 1L << 30, Duration.ofMinutes(5)),
            new OwnerCaches(Path.of(arguments[2]), Long.MAX_VALUE, Optional.empty()),
            1)
        .convert(
            new ConversionTask(
                Path.of(arguments[0]),
                Optional.empty(),
                List.of(),
                new ConversionSettings(
                    null, null, null, null, null, null, null, null, null, null, false, null, false),
                "tester",
                Files.createDirectories(Path.of(arguments[1]))),
            new ConversionListener() {
              @Override
              public void progress(Stage stage, int percent, String message) {
                System.err.println(message);
              }

              @Override
              public void log(String line) {
                System.err.println(line);
              }
            });
  }
}
