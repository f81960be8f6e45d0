package io.ait4j.web.http;

import io.ait4j.web.access.Scope;
import io.ait4j.web.convert.ConversionSettings;
import io.ait4j.web.jobs.IdempotencyConflict;
import io.ait4j.web.jobs.Jobs;
import io.ait4j.web.jobs.NameTaken;
import io.ait4j.web.jobs.Submission;
import io.ait4j.web.jobs.Upload;
import io.ait4j.web.jobs.UploadGone;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Takes models to convert. */
final class SubmissionRoutes implements Routes {
  private static final Set<String> FILES = Set.of("model", "weights", "samples");
  private static final Set<String> TEXTS =
      Set.of("model_upload", "weights_upload", "samples_upload", "settings");
  private static final Pattern IDEMPOTENCY_KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");

  private final Jobs jobs;
  private final Intake intake;

  SubmissionRoutes(Jobs jobs, Intake intake) {
    this.jobs = jobs;
    this.intake = intake;
  }

  @Override
  public void addTo(Javalin app) {
    app.post("/v1/conversions", this::create, Scope.CONVERT);
  }

  private void create(Context ctx) {
    Audit.note(ctx, "conversion.create", "");
    Optional<String> key = idempotencyKey(ctx);
    intake.take(
        ctx, receiver -> submit(ctx, MultipartForm.read(ctx.req(), receiver, FILES, TEXTS), key));
  }

  private static Optional<String> idempotencyKey(Context ctx) {
    String key = ctx.header("Idempotency-Key");
    if (key != null && !IDEMPOTENCY_KEY.matcher(key).matches()) {
      throw new Problem(
          Problems.BAD_REQUEST, "an Idempotency-Key has 1 to 255 visible ASCII characters");
    }
    return Optional.ofNullable(key);
  }

  private void submit(Context ctx, MultipartForm form, Optional<String> key) {
    Caller caller = Caller.of(ctx);
    ConversionSettings settings = SettingsJson.parse(form.text("settings").orElse("{}"));
    // All that can be wrong is, before anything is stored.
    Source model = one("model", form).orElseThrow(SubmissionRoutes::noModel);
    Optional<Source> weights = one("weights", form);
    List<Source> samples = all("samples", form);
    Submission submission =
        new Submission(
            caller.id(),
            model.upload(caller),
            weights.map(w -> w.upload(caller)),
            samples.stream().map(s -> s.upload(caller)).toList(),
            settings,
            key);
    try {
      Jobs.Submitted submitted = jobs.submit(submission);
      Audit.note(ctx, "conversion.create", submitted.job().id());
      if (submitted.repeated()) {
        ctx.header("Idempotent-Replayed", "true");
      }
      ctx.status(202)
          .header("Location", "/v1/conversions/" + submitted.job().id())
          .json(JobJson.of(submitted.job()));
    } catch (IdempotencyConflict e) {
      throw new Problem(Problems.IDEMPOTENCY_KEY_REUSED, e.getMessage());
    } catch (NameTaken e) {
      throw new Problem(Problems.NAME_TAKEN, e.getMessage());
    } catch (UploadGone e) {
      throw new Problem(Problems.NOT_FOUND, e.getMessage());
    }
  }

  /** A file that came with the request, or ahead of it. */
  private interface Source {
    Upload upload(Caller caller);
  }

  private Optional<Source> one(String part, MultipartForm form) {
    List<Source> found = all(part, form);
    if (found.size() > 1) {
      throw new Problem(
          Problems.BAD_REQUEST,
          "give one %s, as the part %s or the part %s_upload".formatted(part, part, part));
    }
    return found.stream().findFirst();
  }

  private List<Source> all(String part, MultipartForm form) {
    List<Source> sources = new ArrayList<>();
    for (ReceivedFile file : form.files(part)) {
      sources.add(c -> jobs.upload(c.id(), file.name(), file.path(), file.sha256()));
    }
    for (String id : form.texts(part + "_upload")) {
      sources.add(c -> CallersUploads.find(jobs, c, id));
    }
    return sources;
  }

  private static Problem noModel() {
    return new Problem(
        Problems.BAD_REQUEST,
        "there is no model: send the part model (a file) or model_upload (an upload's id)");
  }
}
