package io.ait4j.web.jobs;

import io.ait4j.fx.ModelException;
import io.ait4j.web.database.Database;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server's name, which no other has while this one lives: two of the same name would take each
 * other's jobs for those of their own earlier lives.
 */
final class ServerName implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServerName.class);
  private static final int LOOKS_PER_BEAT = 4;

  private final Database database;
  private final String name;
  private final String life = UUID.randomUUID().toString();
  private final ScheduledExecutorService heart =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("ait4j-name").factory());
  private boolean lost;

  private ServerName(Database database, String name) {
    this.database = database;
    this.name = name;
  }

  private record Holder(String life, String place, long beats) {}

  /**
   * Takes the name. One of this place is that of an earlier life, which is over; of another one it
   * is known only when it has missed its heartbeats, which this waits for.
   *
   * @throws ModelException (USAGE) if another server has it
   */
  static ServerName take(Database database, QueueSettings settings) {
    ServerName name = new ServerName(database, settings.server());
    Optional<Holder> before = name.holder();
    if (before.isPresent()
        && !before.get().place.equals(settings.place())
        && !database.settings().isEmbedded()) {
      name.awaitSilence(before.get(), settings.deadAfter());
    }
    if (!name.claim(before, settings.place())) {
      throw name.taken(name.holder().map(Holder::place).orElse("another place"));
    }
    long beat = settings.heartbeat().toNanos();
    name.heart.scheduleWithFixedDelay(name::beat, beat, beat, TimeUnit.NANOSECONDS);
    return name;
  }

  private Optional<Holder> holder() {
    return database.call(
        handle ->
            handle
                .createQuery("SELECT life, place, beats FROM server WHERE name = :name")
                .bind("name", name)
                .map(
                    row ->
                        new Holder(
                            row.getColumn("life", String.class),
                            row.getColumn("place", String.class),
                            row.getColumn("beats", Long.class)))
                .findOne());
  }

  /** Returns once the holder has ended, or missed its heartbeats: clocks of hosts may differ. */
  private void awaitSilence(Holder holder, Duration time) {
    LOG.info(
        "a server at {} has the name {}, or had it; waiting {} seconds at most to see whether it"
            + " lives",
        holder.place,
        name,
        time.toSeconds());
    long end = System.nanoTime() + time.toNanos();
    Optional<Holder> now = Optional.of(holder);
    while (now.isPresent() && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(time.toNanos() / JobQueue.MISSED_HEARTBEATS / LOOKS_PER_BEAT);
      now = holder();
      if (now.isPresent() && !now.get().equals(holder)) {
        throw taken(now.get().place);
      }
    }
  }

  private ModelException taken(String place) {
    return new ModelException(
        ModelException.Kind.USAGE,
        "another server, at %s, has the name %s; stop it, or give this one a --name of its own"
            .formatted(place, name));
  }

  private boolean claim(Optional<Holder> before, String place) {
    return database.call(
        handle -> {
          before.ifPresent(holder -> delete(handle, holder.life, " AND beats = " + holder.beats));
          return handle
                  .createUpdate(
                      """
                      INSERT INTO server (name, life, place, beats)
                      VALUES (:name, :life, :place, 0) ON CONFLICT DO NOTHING
                      """)
                  .bind("name", name)
                  .bind("life", life)
                  .bind("place", place)
                  .execute()
              > 0;
        });
  }

  private void delete(Handle handle, String whose, String condition) {
    handle
        .createUpdate("DELETE FROM server WHERE name = :name AND life = :life" + condition)
        .bind("name", name)
        .bind("life", whose)
        .execute();
  }

  private void beat() {
    try {
      int beaten =
          database.call(
              handle ->
                  handle
                      .createUpdate(
                          "UPDATE server SET beats = beats + 1 WHERE name = :name AND life = :life")
                      .bind("name", name)
                      .bind("life", life)
                      .execute());
      if (beaten == 0 && !lost) {
        lost = true;
        LOG.error(
            "this server was silent for so long that another one has the name {} now; stop one of"
                + " them, or give it a --name of its own",
            name);
      }
    } catch (RuntimeException e) { // the clock would stop
      LOG.warn("cannot say that this server lives for now", e);
    }
  }

  /** Gives the name back. */
  @Override
  public void close() {
    heart.shutdownNow();
    try {
      database.run(handle -> delete(handle, life, ""));
    } catch (RuntimeException e) { // whoever wants it waits for heartbeats, then
      LOG.warn("cannot give the name {} back", name, e);
    }
  }
}
