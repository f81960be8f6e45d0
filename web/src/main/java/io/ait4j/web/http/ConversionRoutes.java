package io.ait4j.web.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ait4j.web.access.Scope;
import io.ait4j.web.jobs.Job;
import io.ait4j.web.jobs.JobState;
import io.ait4j.web.jobs.Jobs;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What conversions there are, and how they go. */
final class ConversionRoutes implements Routes {
  private static final int LOG_LINES = 200;

  private final Jobs jobs;
  private final ReportSummaries reports;

  ConversionRoutes(Jobs jobs, ReportSummaries reports) {
    this.jobs = jobs;
    this.reports = reports;
  }

  @Override
  public void addTo(Javalin app) {
    app.get("/v1/conversions", this::list, Scope.CONVERT);
    app.get("/v1/conversions/{id}", this::one, Scope.CONVERT);
    app.delete("/v1/conversions/{id}", this::delete, Scope.CONVERT);
  }

  private void list(Context ctx) {
    Caller caller = Caller.of(ctx);
    int limit = Queries.number(ctx, "limit", 50, 1, 200);
    Optional<JobState> state = Optional.ofNullable(ctx.queryParam("state")).map(this::state);
    Optional<String> before = Optional.ofNullable(ctx.queryParam("before")).map(CallersJobs::id);
    Optional<String> owner = caller.may(Scope.ADMIN) ? Optional.empty() : Optional.of(caller.id());
    List<Job> found = jobs.list(owner, state, before, limit + 1);
    boolean more = found.size() > limit;
    List<Job> page = more ? found.subList(0, limit) : found;
    ObjectNode json = JobJson.JSON.createObjectNode();
    ArrayNode conversions = json.putArray("conversions");
    page.forEach(job -> conversions.add(JobJson.of(job)));
    json.put("next", more ? page.getLast().id() : null);
    ctx.json(json);
  }

  private JobState state(String text) {
    for (JobState state : JobState.values()) {
      if (state.toString().equals(text)) {
        return state;
      }
    }
    throw new Problem(
        Problems.BAD_REQUEST,
        "state is one of %s, not '%s'"
            .formatted(List.of(JobState.values()).toString().toLowerCase(Locale.ROOT), text));
  }

  private void one(Context ctx) {
    Job job = CallersJobs.find(jobs, ctx);
    ObjectNode json = JobJson.of(job);
    ArrayNode log = json.putArray("log");
    jobs.logTail(job.id(), LOG_LINES).forEach(log::add);
    json.set("report", job.artifact().map(reports::find).orElse(null));
    ctx.json(json);
  }

  private void delete(Context ctx) {
    Job job = CallersJobs.find(jobs, ctx);
    Audit.note(ctx, job.state().isFinal() ? "conversion.delete" : "conversion.cancel", job.id());
    if (jobs.cancel(job.id())) {
      ctx.status(202).json(JobJson.of(CallersJobs.find(jobs, ctx)));
    } else {
      jobs.delete(job.id());
      ctx.status(204);
    }
  }
}
