package io.ait4j.web.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ait4j.web.access.Scope;
import io.ait4j.web.infer.ModelFile;
import io.ait4j.web.infer.ModelSource;
import io.ait4j.web.jobs.Job;
import io.ait4j.web.jobs.Jobs;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.util.Optional;

/**
 * What models there are to infer with: everybody's, as those who use a model are rarely those who
 * converted it.
 */
final class ModelRoutes implements Routes {
  /** Whose the operator's own models are. */
  static final String SERVER = "server";

  private final Jobs jobs;
  private final ModelSource models;

  ModelRoutes(Jobs jobs, ModelSource models) {
    this.jobs = jobs;
    this.models = models;
  }

  @Override
  public void addTo(Javalin app) {
    app.get("/v1/models", this::list, Scope.CONVERT, Scope.INFER);
  }

  private void list(Context ctx) {
    Caller caller = Caller.of(ctx);
    ObjectNode json = JobJson.JSON.createObjectNode();
    ArrayNode all = json.putArray("models");
    for (ModelFile model : models.list()) {
      all.addObject()
          .put("name", model.name())
          .put("version", model.version())
          .put("sha256", model.sha256())
          .put("conversion", conversion(model, caller).orElse(null));
    }
    ctx.json(json);
  }

  /** Where the caller may look up how the model came to be. */
  private Optional<String> conversion(ModelFile model, Caller caller) {
    if (model.owner().equals(SERVER) || !caller.owns(model.owner())) {
      return Optional.empty();
    }
    return jobs.findModel(model.name(), Optional.empty()).map(Job::id);
  }
}
