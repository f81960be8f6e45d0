package io.ait4j.web.http;

import io.ait4j.web.access.Scope;
import io.ait4j.web.jobs.Job;
import io.ait4j.web.jobs.JobState;
import io.ait4j.web.jobs.Jobs;
import io.ait4j.web.store.FileStore;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/** What conversions made: the artifact, in parts if asked for, the report, the measurements. */
final class ArtifactRoutes implements Routes {
  private static final String REPORT_POLICY =
      "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

  private final Jobs jobs;
  private final FileStore store;

  ArtifactRoutes(Jobs jobs, FileStore store) {
    this.jobs = jobs;
    this.store = store;
  }

  @Override
  public void addTo(Javalin app) {
    app.get("/v1/conversions/{id}/artifact", this::artifact, Scope.CONVERT);
    app.get("/v1/conversions/{id}/report", this::report, Scope.CONVERT);
    app.get("/v1/conversions/{id}/measurements", this::measurements, Scope.CONVERT);
  }

  private void artifact(Context ctx) throws IOException {
    Job job = CallersJobs.find(jobs, ctx);
    Job.Artifact artifact = made(job);
    String tag = "\"" + artifact.sha256() + "\"";
    ctx.header("ETag", tag);
    ctx.header("Accept-Ranges", "bytes");
    ctx.header("Cache-Control", "private, no-cache");
    ctx.header("Repr-Digest", digest(artifact.sha256()));
    ctx.header("Content-Disposition", "attachment; filename=\"" + fileName(job) + "\"");
    ctx.contentType("application/octet-stream");
    if (matches(ctx.header("If-None-Match"), tag)) {
      ctx.status(304);
      return;
    }
    String condition = ctx.header("If-Range");
    Optional<ByteRange> range = Optional.empty();
    if (condition == null || condition.equals(tag)) {
      try {
        range = ByteRange.parse(ctx.header("Range"), artifact.bytes());
      } catch (ByteRange.Unsatisfiable e) {
        ctx.header("Content-Range", "bytes */" + artifact.bytes());
        throw new Problem(
            Problems.RANGE_NOT_SATISFIABLE,
            "the artifact has %d bytes; %s has none of them"
                .formatted(artifact.bytes(), ctx.header("Range")));
      }
    }
    range.ifPresent(
        r -> {
          ctx.status(206);
          ctx.header(
              "Content-Range",
              "bytes %d-%d/%d".formatted(r.first(), r.first() + r.length() - 1, artifact.bytes()));
        });
    ByteRange sent = range.orElse(new ByteRange(0, artifact.bytes()));
    send(ctx, artifact.key(), sent);
  }

  private void report(Context ctx) throws IOException {
    Job.Artifact artifact = made(CallersJobs.find(jobs, ctx));
    if (wantsHtml(ctx)) {
      ctx.header("Content-Security-Policy", REPORT_POLICY);
      whole(ctx, artifact.reportHtmlKey(), "text/html; charset=utf-8");
    } else {
      whole(ctx, artifact.reportJsonKey(), "application/json");
    }
  }

  private static boolean wantsHtml(Context ctx) {
    String format = ctx.queryParam("format");
    if (format == null) {
      ctx.header("Vary", "Accept");
      return Accepts.prefersHtml(ctx.header("Accept"));
    }
    return switch (format) {
      case "html" -> true;
      case "json" -> false;
      default ->
          throw new Problem(
              Problems.BAD_REQUEST,
              "format is json or html, not '%s'".formatted(FileNames.plain(format, "")));
    };
  }

  private void measurements(Context ctx) throws IOException {
    Job job = CallersJobs.find(jobs, ctx);
    String key =
        made(job)
            .measurementsKey()
            .orElseThrow(
                () ->
                    new Problem(
                        Problems.NOT_FOUND,
                        "conversion %s was not measured; ask for it by the setting measure"
                            .formatted(job.id())));
    whole(ctx, key, "application/json");
  }

  private static Job.Artifact made(Job job) {
    return job.artifact()
        .orElseThrow(
            () ->
                job.state() == JobState.SUCCEEDED
                    ? new Problem(
                        Problems.GONE,
                        "the result of conversion %s was removed".formatted(job.id()))
                    : new Problem(
                        Problems.NOT_READY,
                        "conversion %s is %s".formatted(job.id(), job.state())));
  }

  private void whole(Context ctx, String key, String mediaType) throws IOException {
    long bytes =
        store.size(key).orElseThrow(() -> new Problem(Problems.GONE, "the result was removed"));
    ctx.contentType(mediaType);
    send(ctx, key, new ByteRange(0, bytes));
  }

  private void send(Context ctx, String key, ByteRange range) throws IOException {
    ctx.res().setContentLengthLong(range.length());
    if (Heads.is(ctx)) {
      return;
    }
    try (InputStream in = store.read(key, range.first(), range.length())) {
      in.transferTo(ctx.res().getOutputStream());
    }
  }

  private static boolean matches(String header, String tag) {
    return header != null
        && Arrays.stream(header.split(","))
            .map(t -> t.strip().replaceFirst("^W/", ""))
            .anyMatch(t -> t.equals(tag) || t.equals("*"));
  }

  private static String digest(String sha256) {
    byte[] bytes = HexFormat.of().parseHex(sha256);
    return "sha-256=:" + Base64.getEncoder().encodeToString(bytes) + ":";
  }

  /** Names are checked when they come; this one stands in a header, so it is made plain again. */
  private static String fileName(Job job) {
    return job.modelName().replaceAll("[^A-Za-z0-9._-]", "_") + ".aitm";
  }
}
