package io.ait4j.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ait4j.web.convert.Stage;
import io.ait4j.web.database.TestDatabase;
import io.ait4j.web.store.FakeS3;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The service from end to end, over HTTP, with the models of this repository. */
class ServiceTest {
  @TempDir Path folder;

  private RunningServer server;

  private static MultipartBody form(String model, String file, String settings) throws IOException {
    Path place = RunningServer.MODELS.resolve(model);
    return new MultipartBody()
        .file("model", place.resolve(file))
        .file("samples", place.resolve("io.safetensors"))
        .text("settings", settings);
  }

  private static JsonNode accepted(HttpResponse<byte[]> response) throws IOException {
    assertThat(response.statusCode()).as(RunningServer.text(response)).isEqualTo(202);
    JsonNode job = RunningServer.JSON.readTree(response.body());
    assertThat(response.headers().firstValue("Location"))
        .hasValue("/v1/conversions/" + job.get("id").asText());
    return job;
  }

  private JsonNode succeeded(String id) throws Exception {
    JsonNode job = server.finished(id);
    assertThat(job.get("state").asText()).as(job.toString()).isEqualTo("succeeded");
    return job;
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void convertsServesAndForgets(TestDatabase database) throws Exception {
    boolean shared = database == TestDatabase.POSTGRESQL; // as servers that share both have it
    try (FakeS3 s3 = new FakeS3();
        RunningServer running =
            RunningServer.start(
                folder, database, shared ? new String[] {"--store", s3.store()} : new String[0])) {
      boolean compiles = database == TestDatabase.EMBEDDED;
      server = compiles ? running : running.warm();
      String settings = "{\"name\": \"resnet20\", \"measure\": true}";
      String id =
          accepted(server.convert(form("resnet20", "model.pt2", settings))).get("id").asText();
      events(id, compiles);
      JsonNode job = succeeded(id);
      assertThat(job.get("attempts").asInt()).isEqualTo(1);
      assertThat(job.get("version").asInt()).isEqualTo(1);
      assertThat(job.get("seconds").fieldNames()).toIterable().contains("compile", "verify");
      artifact(id, job.get("artifact"));
      reports(id);
      infer("resnet20", "resnet20");
      if (shared) {
        outage(s3, id, job.get("artifact"));
      }
      shared(settings, job);
      forgotten(id);
    }
  }

  @Test
  void servesWhatRunsOnLibtorchInPart() throws Exception {
    try (RunningServer running = RunningServer.start(folder, TestDatabase.EMBEDDED).warm()) {
      server = running;
      String fnet =
          accepted(server.convert(form("fnet", "model.pt", "{\"name\": \"fnet\"}")))
              .get("id")
              .asText();
      succeeded(fnet);
      JsonNode report = server.json("/v1/conversions/" + fnet + "/report?format=json").get(0);
      assertThat(report.get("fallback_ops").fieldNames()).toIterable().isNotEmpty();
      infer("fnet", "fnet");
      JsonNode refused =
          server.finished(
              accepted(
                      server.convert(
                          form("fnet", "model.pt", "{\"require_full\": true, \"name\": \"f\"}")))
                  .get("id")
                  .asText());
      assertThat(refused.get("state").asText()).isEqualTo("failed");
      assertThat(refused.get("failure").get("detail").asText()).contains("fft");
    }
  }

  /** Every event has its number, stages come in order, and the last one tells the end. */
  private void events(String id, boolean compiles) throws Exception {
    HttpResponse<byte[]> response = server.get("/v1/conversions/" + id + "/events");
    assertThat(response.headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/event-stream");
    List<JsonNode> events = data(response);
    assertThat(events.getLast().get("state").asText()).isEqualTo("succeeded");
    assertThat(events.stream().map(e -> e.get("percent").asInt()).toList()).isSorted();
    List<Stage> stages =
        events.stream()
            .map(e -> e.get("stage").asText())
            .filter(s -> !s.equals("null"))
            .map(s -> Stage.valueOf(s.toUpperCase(Locale.ROOT)))
            .distinct()
            .toList();
    assertThat(stages) // without those that passed between two looks
        .isSorted()
        .contains(Stage.IMPORT, Stage.VERIFY, Stage.MEASURE);
    if (compiles) {
      assertThat(stages).contains(Stage.COMPILE);
    }
    long half = events.get(events.size() / 2).get("number").asLong();
    List<JsonNode> rest =
        data(
            server.send(
                server
                    .request("/v1/conversions/" + id + "/events")
                    .header("Last-Event-ID", Long.toString(half))));
    assertThat(rest.getFirst().get("number").asLong()).isEqualTo(half + 1);
    assertThat(rest.getLast()).isEqualTo(events.getLast());
  }

  private static List<JsonNode> data(HttpResponse<byte[]> response) throws IOException {
    List<JsonNode> events = new ArrayList<>();
    for (String line : RunningServer.text(response).lines().toList()) {
      if (line.startsWith("data:")) {
        events.add(RunningServer.JSON.readTree(line.substring(5)));
      }
    }
    return events;
  }

  private void artifact(String id, JsonNode said) throws Exception {
    String path = "/v1/conversions/" + id + "/artifact";
    HttpResponse<byte[]> whole = server.get(path);
    assertThat(whole.statusCode()).isEqualTo(200);
    byte[] file = whole.body();
    assertThat((long) file.length).isEqualTo(said.get("bytes").asLong());
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(file);
    assertThat(HexFormat.of().formatHex(digest)).isEqualTo(said.get("sha256").asText());
    HttpResponse<byte[]> part = server.send(server.request(path).header("Range", "bytes=100-4195"));
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo(Arrays.copyOfRange(file, 100, 4196));
    assertThat(part.headers().firstValue("Content-Range"))
        .hasValue("bytes 100-4195/" + file.length);
    HttpResponse<byte[]> tail = server.send(server.request(path).header("Range", "bytes=-7"));
    assertThat(tail.body()).isEqualTo(Arrays.copyOfRange(file, file.length - 7, file.length));
    HttpResponse<byte[]> beyond =
        server.send(server.request(path).header("Range", "bytes=" + file.length + "-"));
    assertThat(beyond.statusCode()).isEqualTo(416);
    String tag = whole.headers().firstValue("ETag").orElseThrow();
    assertThat(server.send(server.request(path).header("If-None-Match", tag)).statusCode())
        .isEqualTo(304);
    HttpResponse<byte[]> head =
        server.send(server.request(path).method("HEAD", BodyPublishers.noBody()));
    assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(file.length);
  }

  private void reports(String id) throws Exception {
    JsonNode report = server.json("/v1/conversions/" + id + "/report?format=json").get(0);
    assertThat(report.get("nodes_total").asInt()).isEqualTo(report.get("nodes_ait").asInt());
    HttpResponse<byte[]> page =
        server.send(
            server.request("/v1/conversions/" + id + "/report").header("Accept", "text/html"));
    assertThat(RunningServer.text(page)).startsWith("<!doctype html>");
    JsonNode measured = server.json("/v1/conversions/" + id + "/measurements");
    assertThat(measured.get("kernels")).isNotEmpty();
    assertThat(measured.get("libtorch_ms").asDouble()).isPositive();
  }

  /** What has to be fetched while the store is away comes once it is back. */
  private void outage(FakeS3 s3, String id, JsonNode said) throws Exception {
    HttpResponse<byte[]> unloaded =
        server.post(
            "/v2/repository/models/resnet20/unload", "application/json", BodyPublishers.noBody());
    assertThat(unloaded.statusCode()).isEqualTo(200);
    try (Stream<Path> copies = Files.list(folder.resolve("models"))) {
      for (Path copy : copies.toList()) {
        Files.delete(copy);
      }
    }
    s3.broken.add("");
    for (String path : List.of("/v1/conversions/" + id + "/artifact", "/v2/models/resnet20")) {
      assertThat(server.get(path).statusCode()).as(path).isEqualTo(503);
    }
    s3.broken.clear();
    artifact(id, said);
    infer("resnet20", "resnet20");
  }

  private void infer(String model, String sampleName) throws Exception {
    JsonNode meta = server.json("/v2/models/" + model);
    List<String> names =
        StreamSupport.stream(meta.get("inputs").spliterator(), false)
            .map(input -> input.get("name").asText())
            .toList();
    Sample sample = Sample.read(sampleName);
    HttpResponse<byte[]> json =
        server.post(
            "/v2/models/" + model + "/infer",
            "application/json",
            BodyPublishers.ofString(sample.json(names)));
    assertThat(json.statusCode()).as(RunningServer.text(json)).isEqualTo(200);
    assertThat(sample.error(json)).isLessThan(1e-4);
    String head = sample.binaryHead(names);
    HttpRequest.Builder request =
        server
            .request("/v2/models/" + model + "/versions/1/infer")
            .header("Inference-Header-Content-Length", Integer.toString(head.length()))
            .header("Content-Type", "application/octet-stream")
            .POST(BodyPublishers.ofByteArray(sample.binary(head)));
    HttpResponse<byte[]> binary = server.send(request);
    assertThat(binary.statusCode()).as(RunningServer.text(binary)).isEqualTo(200);
    assertThat(binary.headers().firstValue("Inference-Header-Content-Length")).isPresent();
    assertThat(sample.error(binary)).isLessThan(1e-4);
  }

  /** The same asked for again: another job with the same result, or by its key the same job. */
  private void shared(String settings, JsonNode first) throws Exception {
    JsonNode again = accepted(server.convert(form("resnet20", "model.pt2", settings)));
    JsonNode job = succeeded(again.get("id").asText());
    assertThat(job.get("id")).isNotEqualTo(first.get("id"));
    assertThat(job.get("shared_with")).isEqualTo(first.get("id"));
    assertThat(job.get("artifact")).isEqualTo(first.get("artifact"));
    assertThat(job.get("version").asInt()).isEqualTo(2);
    MultipartBody form = form("resnet20", "model.pt2", settings);
    String[] ids = new String[2];
    for (int i = 0; i < 2; i++) {
      HttpResponse<byte[]> response =
          server.send(
              server
                  .request("/v1/conversions")
                  .header("Idempotency-Key", "once")
                  .header("Content-Type", form.contentType())
                  .POST(BodyPublishers.ofByteArrays(form.parts())));
      ids[i] = accepted(response).get("id").asText();
    }
    assertThat(ids[0]).isEqualTo(ids[1]);
    MultipartBody other = form("fnet", "model.pt2", settings);
    HttpResponse<byte[]> conflict =
        server.send(
            server
                .request("/v1/conversions")
                .header("Idempotency-Key", "once")
                .header("Content-Type", other.contentType())
                .POST(BodyPublishers.ofByteArrays(other.parts())));
    assertThat(conflict.statusCode()).isEqualTo(422);
  }

  private void forgotten(String id) throws Exception {
    HttpResponse<byte[]> deleted = server.send(server.request("/v1/conversions/" + id).DELETE());
    assertThat(deleted.statusCode()).isEqualTo(204);
    assertThat(server.get("/v1/conversions/" + id).statusCode()).isEqualTo(404);
    JsonNode other = server.json("/v1/conversions?state=succeeded").get("conversions").get(0);
    assertThat(server.get("/v1/conversions/" + other.get("id").asText() + "/artifact").statusCode())
        .as("a result that others share stays")
        .isEqualTo(200);
  }
}
