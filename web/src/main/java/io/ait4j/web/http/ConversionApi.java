package io.ait4j.web.http;

import io.ait4j.web.access.AuditLog;
import io.ait4j.web.access.Keys;
import io.ait4j.web.infer.ModelSource;
import io.ait4j.web.jobs.Jobs;
import io.ait4j.web.store.FileStore;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;

/** All that is under {@code /v1}, and what describes it. */
public final class ConversionApi {
  private ConversionApi() {}

  /** The routes. */
  public static List<Routes> routes(
      HttpSettings settings,
      Jobs jobs,
      FileStore store,
      ModelSource models,
      Keys keys,
      AuditLog audit,
      PrometheusMeterRegistry meters,
      Drain drain) {
    Intake intake = new Intake(settings, drain);
    return List.of(
        new UploadRoutes(jobs, intake),
        new SubmissionRoutes(jobs, intake),
        new ConversionRoutes(jobs, new ReportSummaries(store)),
        new EventRoutes(jobs, drain),
        new ArtifactRoutes(jobs, store),
        new ModelRoutes(jobs, models),
        new KeyRoutes(keys),
        new AuditRoutes(audit),
        new MetricsRoutes(meters),
        new ProblemRoutes(),
        new OpenApiRoutes());
  }
}
