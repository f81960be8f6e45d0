package io.ait4j.web.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ait4j.lower.Version;
import io.ait4j.web.access.Scope;
import io.ait4j.web.infer.InferenceFailed;
import io.ait4j.web.infer.ModelDescription;
import io.ait4j.web.infer.ModelFile;
import io.ait4j.web.infer.ModelStatistics;
import io.ait4j.web.infer.ServedModels;
import io.ait4j.web.infer.TensorDescription;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The rest of the Open Inference Protocol: what there is, and whether it is ready; and Triton's
 * model repository and statistics.
 */
public final class OipModelRoutes implements Routes {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final ServedModels models;
  private final Drain drain;

  /**
   * @param drain whether the server is about to end
   */
  public OipModelRoutes(ServedModels models, Drain drain) {
    this.models = models;
    this.drain = drain;
  }

  @Override
  public void addTo(Javalin app) {
    app.get("/v2", this::server);
    app.get("/v2/health/live", ctx -> ctx.json(JSON.objectNode().put("live", true)));
    app.get("/v2/health/ready", this::serverReady);
    app.get("/v2/models/stats", this::statistics, Scope.INFER);
    for (String path : List.of("/v2/models/{model}", "/v2/models/{model}/versions/{version}")) {
      app.get(path, this::model, Scope.INFER);
      app.get(path + "/ready", this::modelReady, Scope.INFER);
      app.get(path + "/stats", this::statistics, Scope.INFER);
    }
    app.post("/v2/repository/index", this::index, Scope.INFER);
    app.post("/v2/repository/models/{model}/load", this::load, Scope.ADMIN);
    app.post("/v2/repository/models/{model}/unload", this::unload, Scope.ADMIN);
  }

  /** The version that a path names, if it names one. */
  static Optional<String> version(Context ctx) {
    return Optional.ofNullable(ctx.pathParamMap().get("version"));
  }

  private void server(Context ctx) {
    ObjectNode server = JSON.objectNode().put("name", "ait4j").put("version", Version.NUMBER);
    server
        .putArray("extensions")
        .add("binary_tensor_data")
        .add("model_repository")
        .add("statistics");
    ctx.json(server);
  }

  private void serverReady(Context ctx) {
    if (drain.underWay()) {
      throw new Problem(Problems.UNAVAILABLE, "the server is being shut down");
    }
    ctx.json(JSON.objectNode().put("ready", true));
  }

  private void model(Context ctx) {
    String name = ctx.pathParam("model");
    try {
      ModelFile file = models.find(name, version(ctx));
      ModelDescription description = models.describe(name, version(ctx));
      ObjectNode model = JSON.objectNode().put("name", name);
      model.putArray("versions").add(file.version());
      model.put("platform", "ait4j_aitm");
      model.set("inputs", tensors(description.inputs()));
      model.set("outputs", tensors(description.outputs()));
      model.set("parameters", parameters(description));
      ctx.json(model);
    } catch (InferenceFailed e) {
      throw OipProblems.of(e);
    }
  }

  private static ArrayNode tensors(List<TensorDescription> descriptions) {
    ArrayNode tensors = JSON.arrayNode();
    for (TensorDescription description : descriptions) {
      ObjectNode tensor =
          tensors
              .addObject()
              .put("name", description.name())
              .put("datatype", description.datatype().name());
      ArrayNode shape = tensor.putArray("shape");
      for (long size : description.oipShape()) {
        shape.add(size);
      }
    }
    return tensors;
  }

  private static ObjectNode parameters(ModelDescription description) {
    ObjectNode parameters =
        JSON.objectNode()
            .put("device", description.device())
            .put("target", description.target())
            .put("max_batch_size", description.maxBatch())
            .put("session_state", "not kept between requests");
    if (!description.note().isEmpty()) {
      parameters.put("note", description.note());
    }
    if (!description.unbatched().isEmpty()) {
      parameters.put("unbatched", description.unbatched());
    }
    return parameters;
  }

  private void modelReady(Context ctx) {
    try {
      ServedModels.Entry entry = models.state(ctx.pathParam("model"), version(ctx));
      boolean ready =
          entry.state() == ServedModels.State.READY
              || entry.reason().equals(ServedModels.NOT_LOADED);
      ObjectNode json = JSON.objectNode().put("name", entry.name()).put("ready", ready);
      json.set("parameters", state(entry));
      ctx.status(ready ? 200 : 503).json(json);
    } catch (InferenceFailed e) {
      throw OipProblems.of(e);
    }
  }

  private static ObjectNode state(ServedModels.Entry entry) {
    ObjectNode state = JSON.objectNode().put("state", entry.state().name());
    if (!entry.reason().isEmpty()) {
      state.put("reason", entry.reason());
    }
    entry
        .description()
        .ifPresent(
            description -> {
              state.put("device", description.device());
              if (!description.note().isEmpty()) {
                state.put("note", description.note());
              }
            });
    return state;
  }

  private void index(Context ctx) throws IOException {
    boolean readyOnly = readyOnly(JsonBody.read(ctx));
    ArrayNode index = JSON.arrayNode();
    for (ServedModels.Entry entry : models.index()) {
      if (!readyOnly || entry.state() == ServedModels.State.READY) {
        index
            .addObject()
            .put("name", entry.name())
            .put("version", entry.version())
            .put("state", entry.state().name())
            .put("reason", entry.reason());
      }
    }
    ctx.json(index);
  }

  private static boolean readyOnly(String body) {
    if (body.isBlank()) {
      return false;
    }
    try {
      JsonNode wish = JobJson.JSON.readTree(body);
      if (wish.isObject() && (!wish.has("ready") || wish.get("ready").isBoolean())) {
        return wish.path("ready").asBoolean();
      }
    } catch (JsonProcessingException e) {
      // said below
    }
    throw OipJson.bad("the body is not an object with \"ready\" true or false");
  }

  private void load(Context ctx) {
    Audit.note(ctx, "model.load", ctx.pathParam("model"));
    refuseParameters(ctx.body());
    try {
      models.load(ctx.pathParam("model"), Optional.empty());
      ctx.status(200);
    } catch (InferenceFailed e) {
      throw OipProblems.of(e);
    }
  }

  /**
   * Triton's parameters bring another configuration or other files, of which there are none here.
   */
  private static void refuseParameters(String body) {
    try {
      if (body.isBlank() || JobJson.JSON.readTree(body).path("parameters").isEmpty()) {
        return;
      }
    } catch (JsonProcessingException e) {
      // said below
    }
    throw OipJson.bad("a model is loaded as it was converted: leave out \"parameters\"");
  }

  private void unload(Context ctx) {
    Audit.note(ctx, "model.unload", ctx.pathParam("model"));
    try {
      models.unload(ctx.pathParam("model"));
      ctx.status(200);
    } catch (InferenceFailed e) {
      throw OipProblems.of(e);
    }
  }

  private void statistics(Context ctx) {
    Optional<String> name = Optional.ofNullable(ctx.pathParamMap().get("model"));
    Optional<String> version = version(ctx);
    try {
      if (name.isPresent()) {
        models.find(name.get(), version);
      }
    } catch (InferenceFailed e) {
      throw OipProblems.of(e);
    }
    ObjectNode json = JSON.objectNode();
    ArrayNode all = json.putArray("model_stats");
    models
        .statistics(name)
        .forEach(
            (entry, statistics) -> {
              if (version.isEmpty() || version.get().equals(entry.version())) {
                all.add(of(entry, statistics));
              }
            });
    ctx.json(json);
  }

  private static ObjectNode of(ServedModels.Entry entry, ModelStatistics statistics) {
    ObjectNode json =
        JSON.objectNode()
            .put("name", entry.name())
            .put("version", entry.version())
            .put("last_inference", statistics.lastMillis())
            .put("inference_count", statistics.successes())
            .put("execution_count", statistics.runs());
    ObjectNode times = json.putObject("inference_stats");
    duration(times, "success", statistics.successes(), statistics.requestNanos());
    duration(times, "fail", statistics.failures(), 0);
    duration(times, "queue", statistics.successes(), statistics.queueNanos());
    duration(times, "compute_infer", statistics.runs(), statistics.computeNanos());
    return json;
  }

  private static void duration(ObjectNode times, String name, long count, double nanos) {
    times.putObject(name).put("count", count).put("ns", (long) nanos);
  }
}
