package io.ait4j.web.http;

import io.ait4j.web.access.Scope;
import io.ait4j.web.jobs.Job;
import io.ait4j.web.jobs.JobEvent;
import io.ait4j.web.jobs.Jobs;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A conversion's events as they happen, by server-sent events. */
final class EventRoutes implements Routes {
  private static final int MAX_STREAMS = 512;
  private static final int BATCH = 500;
  private static final long POLL_MILLIS = 250;
  private static final int POLLS_PER_HEARTBEAT = 40;
  private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

  private final Jobs jobs;
  private final Drain drain;
  private final FairSlots streams = new FairSlots(MAX_STREAMS, "streams of events");

  EventRoutes(Jobs jobs, Drain drain) {
    this.jobs = jobs;
    this.drain = drain;
  }

  @Override
  public void addTo(Javalin app) {
    app.get("/v1/conversions/{id}/events", this::events, Scope.CONVERT);
  }

  private void events(Context ctx) throws IOException, InterruptedException {
    Job job = CallersJobs.find(jobs, ctx);
    long after = lastEventId(ctx);
    if (job.state().isFinal() && jobs.events(job.id(), after, 1).isEmpty()) {
      ctx.status(204); // tells browsers not to come again
      return;
    }
    try (FairSlots.Slot slot = streams.take(Caller.account(ctx), Duration.ZERO)) {
      ctx.contentType("text/event-stream; charset=utf-8");
      ctx.header("X-Accel-Buffering", "no"); // proxies hand on what there is
      if (!Heads.is(ctx)) {
        send(job.id(), after, new Peer(ctx), ctx.res().getOutputStream());
      }
    }
  }

  private void send(String id, long after, Peer listener, OutputStream out)
      throws IOException, InterruptedException {
    out.write("retry: 1000\n\n".getBytes(StandardCharsets.US_ASCII));
    long last = after;
    for (int quiet = 0; !drain.underWay(); ) {
      Optional<Job> job = jobs.find(id); // before its events, so that none is missed at the end
      List<JobEvent> events = jobs.events(id, last, BATCH);
      for (JobEvent event : events) {
        out.write(text(event).getBytes(StandardCharsets.UTF_8));
        last = event.number();
      }
      if (events.isEmpty()) {
        if (job.isEmpty() || job.get().state().isFinal()) {
          return;
        }
        if (++quiet % POLLS_PER_HEARTBEAT == 0) {
          out.write(": still there\n\n".getBytes(StandardCharsets.US_ASCII));
        }
      }
      out.flush();
      if (listener.isGone()) { // writing would tell much later
        listener.hangUp();
        return;
      }
      if (events.size() < BATCH) {
        Thread.sleep(POLL_MILLIS);
      }
    }
  }

  /** JSON has no raw line ends, so an event is three lines. */
  private static String text(JobEvent event) throws IOException {
    return "id: %d\nevent: %s\ndata: %s\n\n"
        .formatted(
            event.number(), event.kind(), JobJson.JSON.writeValueAsString(JobJson.of(event)));
  }

  private static long lastEventId(Context ctx) {
    String id = ctx.header("Last-Event-ID");
    if (id == null || id.isEmpty()) {
      return 0;
    }
    if (!NUMBER.matcher(id).matches()) {
      throw new Problem(Problems.BAD_REQUEST, "Last-Event-ID is the number of an event");
    }
    return Long.parseLong(id);
  }
}
