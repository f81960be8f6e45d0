package io.ait4j.web.http;

import io.ait4j.web.access.Scope;
import io.ait4j.web.jobs.Jobs;
import io.ait4j.web.jobs.Upload;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.Set;

/** Files sent ahead of the conversions that use them. */
final class UploadRoutes implements Routes {
  private static final String OCTETS = "application/octet-stream";

  private final Jobs jobs;
  private final Intake intake;

  UploadRoutes(Jobs jobs, Intake intake) {
    this.jobs = jobs;
    this.intake = intake;
  }

  @Override
  public void addTo(Javalin app) {
    app.post("/v1/uploads", this::create, Scope.CONVERT);
    app.get("/v1/uploads/{id}", ctx -> ctx.json(JobJson.of(find(ctx))), Scope.CONVERT);
    app.delete("/v1/uploads/{id}", this::delete, Scope.CONVERT);
  }

  private void create(Context ctx) {
    Caller caller = Caller.of(ctx);
    Audit.note(ctx, "upload.create", "");
    intake.take(
        ctx,
        receiver -> {
          ReceivedFile file = receive(ctx, receiver);
          Upload upload = jobs.upload(caller.id(), file.name(), file.path(), file.sha256());
          Audit.note(ctx, "upload.create", upload.id());
          ctx.status(201).header("Location", "/v1/uploads/" + upload.id()).json(JobJson.of(upload));
        });
  }

  /** A form with one file, or the file itself. */
  private static ReceivedFile receive(Context ctx, Receiver receiver) throws IOException {
    String type = ctx.contentType();
    if (type != null && type.split(";")[0].strip().equalsIgnoreCase(OCTETS)) {
      return receiver.receive(
          ctx.req().getInputStream(), FileNames.plain(ctx.queryParam("name"), "file"));
    }
    return MultipartForm.read(ctx.req(), receiver, Set.of("file"), Set.of())
        .file("file")
        .orElseThrow(() -> new Problem(Problems.BAD_REQUEST, "the part file is missing"));
  }

  private Upload find(Context ctx) {
    return CallersUploads.find(jobs, Caller.of(ctx), ctx.pathParam("id"));
  }

  private void delete(Context ctx) {
    Upload upload = find(ctx);
    Audit.note(ctx, "upload.delete", upload.id());
    jobs.deleteUpload(upload.id());
    ctx.status(204);
  }
}
