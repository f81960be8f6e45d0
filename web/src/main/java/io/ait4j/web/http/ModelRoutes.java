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

/** What models there are to infer with. */
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
      boolean ofServer = model.owner().equals(SERVER);
      if (ofServer || caller.owns(model.owner())) {
        Optional<String> conversion =
            ofServer
                ? Optional.empty()
                : jobs.findModel(model.name(), Optional.empty()).map(Job::id);
        all.addObject()
            .put("name", model.name())
            .put("version", model.version())
            .put("sha256", model.sha256())
            .put("conversion", conversion.orElse(null));
      }
    }
    ctx.json(json);
  }
}
