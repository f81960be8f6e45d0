package io.ait4j.web.cli;

import io.ait4j.web.jobs.Retention;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What is kept for how long. */
final class RetentionOptions {
  @Option(
      names = "--keep-jobs",
      paramLabel = "TIME",
      defaultValue = "forever",
      converter = Times.OrForever.class,
      description = "How long conversions are remembered after their end (${DEFAULT-VALUE}).")
  private Duration jobs;

  @Option(
      names = "--keep-artifacts",
      paramLabel = "TIME",
      defaultValue = "forever",
      converter = Times.OrForever.class,
      description = "How long their results are kept; named models' newest stay.")
  private Duration artifacts;

  @Option(
      names = "--keep-uploads",
      paramLabel = "TIME",
      defaultValue = "30d",
      converter = Times.OrForever.class,
      description =
          "How long uploads are kept (${DEFAULT-VALUE}), and compiled libraries of keys that convert"
              + " nothing.")
  private Duration uploads;

  @Option(
      names = "--keep-audit",
      paramLabel = "TIME",
      defaultValue = "365d",
      converter = Times.OrForever.class,
      description = "How long the audit log goes back (${DEFAULT-VALUE}).")
  private Duration audit;

  Retention retention() {
    return new Retention(finite(jobs), finite(artifacts), finite(uploads), finite(audit));
  }

  private static Optional<Duration> finite(Duration time) {
    return Optional.of(time).filter(t -> !t.equals(Times.OrForever.FOREVER));
  }
}
