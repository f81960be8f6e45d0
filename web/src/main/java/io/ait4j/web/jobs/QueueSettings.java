package io.ait4j.web.jobs;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * How a server takes part in the queue.
 *
 * @param server its name, which no other server has: when it starts again, it takes its jobs back
 * @param place of which machine and folder it is: two servers of one place never live at once
 * @param threads conversions at a time
 * @param folder on a local disk, for what is temporary; servers may share it
 * @param retention what is kept for how long
 * @param heartbeat how often the server says that it lives; after six without one its jobs go to
 *     others
 */
public record QueueSettings(
    String server,
    String place,
    int threads,
    Path folder,
    Retention retention,
    Duration heartbeat) {
  public QueueSettings {
    Objects.requireNonNull(server);
    Objects.requireNonNull(place);
    Objects.requireNonNull(folder);
    Objects.requireNonNull(retention);
    Objects.requireNonNull(heartbeat);
    if (threads < 1) {
      throw new IllegalArgumentException("a server converts on one thread or more, not " + threads);
    }
  }

  /** With a heartbeat every five seconds. */
  public QueueSettings(String server, String place, int threads, Path folder, Retention retention) {
    this(server, place, threads, folder, retention, Duration.ofSeconds(5));
  }

  /** Who says nothing for so long is dead. */
  Duration deadAfter() {
    return heartbeat.multipliedBy(JobQueue.MISSED_HEARTBEATS);
  }
}
