package io.ait4j.web.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.Javalin;
import io.javalin.http.Context;

/** Says what each kind of error means and what to do, at the address that is its type. */
final class ProblemRoutes implements Routes {
  @Override
  public void addTo(Javalin app) {
    app.get("/problems", ProblemRoutes::list);
    app.get("/problems/{slug}", ProblemRoutes::one);
  }

  private static void list(Context ctx) {
    ObjectNode json = JobJson.JSON.createObjectNode();
    ArrayNode all = json.putArray("problems");
    Problems.all().values().forEach(problem -> all.add(json(problem)));
    ctx.json(json);
  }

  private static void one(Context ctx) {
    Problems.Documented problem =
        Problems.find(ctx.pathParam("slug"))
            .orElseThrow(
                () -> new Problem(Problems.NOT_FOUND, "there is no kind of error of this name"));
    if (Accepts.prefersHtml(ctx.header("Accept"))) {
      ctx.html(
          "<!doctype html><html lang=\"en\"><title>%s</title><h1>%s</h1><p>Status %d</p><p>%s</p>"
              .formatted(
                  problem.type().title(),
                  problem.type().title(),
                  problem.type().status(),
                  problem.meaning()));
    } else {
      ctx.json(json(problem));
    }
  }

  private static ObjectNode json(Problems.Documented problem) {
    return JobJson.JSON
        .createObjectNode()
        .put("type", "/problems/" + problem.type().slug())
        .put("title", problem.type().title())
        .put("status", problem.type().status())
        .put("meaning", problem.meaning());
  }
}
