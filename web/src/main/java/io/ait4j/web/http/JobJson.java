package io.ait4j.web.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ait4j.web.convert.Stage;
import io.ait4j.web.jobs.Job;
import io.ait4j.web.jobs.JobEvent;
import io.ait4j.web.jobs.Upload;
import java.time.Instant;
import java.util.Optional;

/** Jobs, their events and uploads as JSON. */
final class JobJson {
  static final ObjectMapper JSON = new ObjectMapper();

  private JobJson() {}

  static ObjectNode of(Job job) {
    ObjectNode json = JSON.createObjectNode();
    json.put("id", job.id());
    json.put("name", job.modelName());
    json.put("version", job.modelVersion());
    json.put("state", job.state().toString());
    json.put("stage", job.stage().map(Stage::toString).orElse(null));
    json.put("percent", job.percent());
    json.put("message", job.message());
    json.put("created", job.created().toString());
    json.put("started", text(job.started()));
    json.put("finished", text(job.finished()));
    json.put("attempts", job.attempts());
    json.put("worker", job.worker());
    json.put("shared_with", job.sharedWith().orElse(null));
    json.set("model", of(job.model()));
    json.set("weights", job.weights().map(JobJson::of).orElse(null));
    ArrayNode samples = json.putArray("samples");
    job.samples().forEach(s -> samples.add(of(s)));
    json.set("settings", JSON.valueToTree(job.settings()));
    json.set("failure", job.failure().map(JobJson::of).orElse(null));
    json.set("artifact", job.artifact().map(JobJson::of).orElse(null));
    json.set("seconds", JSON.valueToTree(job.seconds()));
    return json;
  }

  static ObjectNode of(Upload upload) {
    return JSON.createObjectNode()
        .put("id", upload.id())
        .put("name", upload.name())
        .put("bytes", upload.bytes())
        .put("sha256", upload.sha256())
        .put("created", upload.created().toString());
  }

  static ObjectNode of(JobEvent event) {
    return JSON.createObjectNode()
        .put("number", event.number())
        .put("at", event.at().toString())
        .put("kind", event.kind())
        .put("state", event.state().toString())
        .put("stage", event.stage().map(Stage::toString).orElse(null))
        .put("percent", event.percent())
        .put("message", event.message());
  }

  private static ObjectNode of(Job.Failure failure) {
    Problem.Type type = Problems.conversion(failure.cause());
    return JSON.createObjectNode()
        .put("cause", failure.cause().toString())
        .put("type", "/problems/" + type.slug())
        .put("title", type.title())
        .put("detail", failure.detail());
  }

  private static ObjectNode of(Job.Artifact artifact) {
    return JSON.createObjectNode().put("sha256", artifact.sha256()).put("bytes", artifact.bytes());
  }

  private static String text(Optional<Instant> time) {
    return time.map(Instant::toString).orElse(null);
  }
}
