package io.ait4j.web;

import static io.ait4j.web.ApiServer.assertProblem;
import static io.ait4j.web.ApiServer.json;
import static io.ait4j.web.ApiServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConversionApiTest {
  @TempDir static Path folder;
  private static ApiServer api;

  @BeforeAll
  static void start() throws Exception {
    api = ApiServer.start(folder, new CopyingConverter());
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static MultipartBody model(String content) {
    return new MultipartBody().file("model", "m.pt", bytes(content));
  }

  private static String converted(String content) throws Exception {
    JsonNode job = api.finished(null, api.convert(null, model(content)));
    assertThat(job.get("state").asText()).isEqualTo("succeeded");
    return "/v1/conversions/" + job.get("id").asText();
  }

  @Test
  void aJobTellsAllOfItself() throws Exception {
    HttpResponse<byte[]> accepted =
        api.convert(null, model("whole").text("settings", "{\"name\": \"w\", \"measure\": true}"));
    assertThat(accepted.headers().firstValue("Location"))
        .hasValue("/v1/conversions/" + json(accepted).get("id").asText());
    JsonNode job = api.finished(null, accepted);
    assertThat(job.get("name").asText()).isEqualTo("w");
    assertThat(job.get("version").asInt()).isEqualTo(1);
    assertThat(job.get("percent").asInt()).isEqualTo(100);
    assertThat(job.get("model").get("name").asText()).isEqualTo("m.pt");
    assertThat(job.get("settings").get("measure").asBoolean()).isTrue();
    assertThat(job.get("log").toString()).contains("a line");
    assertThat(job.get("report").get(0).get("nodes_ait").asInt()).isEqualTo(2);
    assertThat(job.get("report").get(0).has("nodes")).isFalse();
    assertThat(json(api.get("/v1/models")).get("models").toString())
        .contains(job.get("id").asText());
  }

  @Test
  void uploadsServeManyConversions() throws Exception {
    HttpResponse<byte[]> sent =
        api.send(
            api.request(null, "/v1/uploads?name=a/b%01c.pt")
                .header("Content-Type", "application/octet-stream")
                .POST(BodyPublishers.ofString("sent ahead")));
    assertThat(sent.statusCode()).isEqualTo(201);
    assertThat(json(sent).get("name").asText()).isEqualTo("bc.pt");
    String id = json(sent).get("id").asText();
    for (String name : new String[] {"one", "two"}) {
      JsonNode job =
          api.finished(
              null,
              api.convert(
                  null,
                  new MultipartBody()
                      .text("model_upload", id)
                      .text("settings", "{\"name\": \"" + name + "\"}")));
      assertThat(job.get("model").get("id").asText()).isEqualTo(id);
    }
    assertThat(api.send(api.request(null, "/v1/uploads/" + id).DELETE()).statusCode())
        .isEqualTo(204);
    assertProblem(api.get("/v1/uploads/" + id), 404, "not-found");
    assertProblem(
        api.convert(null, new MultipartBody().text("model_upload", id)), 404, "not-found");
  }

  @Test
  void theSameKeyGivesTheSameConversion() throws Exception {
    HttpResponse<byte[]> first =
        api.send(api.conversion(null, model("idempotent")).header("Idempotency-Key", "k1"));
    HttpResponse<byte[]> second =
        api.send(api.conversion(null, model("idempotent")).header("Idempotency-Key", "k1"));
    assertThat(json(second).get("id")).isEqualTo(json(first).get("id"));
    assertThat(second.headers().firstValue("Idempotent-Replayed")).hasValue("true");
    assertProblem(
        api.send(api.conversion(null, model("another")).header("Idempotency-Key", "k1")),
        422,
        "idempotency-key-reused");
  }

  @Test
  void artifactsComeWholeAndInParts() throws Exception {
    String path = converted("0123456789") + "/artifact";
    HttpResponse<byte[]> whole = api.get(path);
    assertThat(text(whole)).isEqualTo("0123456789");
    byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(bytes("0123456789"));
    assertThat(whole.headers().firstValue("Repr-Digest"))
        .hasValue("sha-256=:" + Base64.getEncoder().encodeToString(sha256) + ":");
    String tag = whole.headers().firstValue("ETag").orElseThrow();
    assertThat(tag).isEqualTo("\"" + HexFormat.of().formatHex(sha256) + "\"");
    HttpResponse<byte[]> same = api.send(api.request(null, path).header("If-None-Match", tag));
    assertThat(same.statusCode()).isEqualTo(304);
    HttpRequest.Builder part = api.request(null, path).header("Range", "bytes=2-4");
    assertThat(text(api.send(part.copy().header("If-Range", tag)))).isEqualTo("234");
    assertThat(text(api.send(part.copy().header("If-Range", "\"other\"")))).hasSize(10);
    HttpResponse<byte[]> head =
        api.send(api.request(null, path).method("HEAD", BodyPublishers.noBody()));
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValue("Content-Length")).hasValue("10");
    HttpResponse<byte[]> beyond = api.send(api.request(null, path).header("Range", "bytes=10-"));
    assertProblem(beyond, 416, "range-not-satisfiable");
    assertThat(beyond.headers().firstValue("Content-Range")).hasValue("bytes */10");
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=0-0, 206, 0",
    "bytes=7-, 206, 789",
    "bytes=-3, 206, 789",
    "bytes=-99, 206, 0123456789",
    "bytes=5-99, 206, 56789",
    "'bytes=0-1,4-5', 200, 0123456789",
    "bytes=4-2, 200, 0123456789",
    "lines=1-2, 200, 0123456789"
  })
  void ranges(String range, int status, String body) throws Exception {
    HttpResponse<byte[]> response =
        api.send(api.request(null, converted("0123456789") + "/artifact").header("Range", range));
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(text(response)).isEqualTo(body);
  }

  @Test
  void reportsAreJsonOrPages() throws Exception {
    String path = converted("reported") + "/report";
    assertThat(json(api.get(path)).get(0).get("nodes_total").asInt()).isEqualTo(3);
    String browser = "text/html,application/xhtml+xml,*/*;q=0.8";
    HttpResponse<byte[]> page = api.send(api.request(null, path).header("Accept", browser));
    assertThat(text(page)).isEqualTo("<title>report</title>");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .startsWith("sandbox;");
    assertThat(
            json(api.send(api.request(null, path + "?format=json").header("Accept", browser)))
                .isArray())
        .isTrue();
    assertProblem(api.get(path + "?format=pdf"), 400, "bad-request");
    assertProblem(api.get(path.replace("report", "measurements")), 404, "not-found");
  }

  @Test
  void eventsGoOnWhereTheyWereLeft() throws Exception {
    String path = converted("told") + "/events";
    String all = text(api.get(path));
    assertThat(all).contains("id: 1\nevent: state\ndata: {\"number\":1,");
    assertThat(all).endsWith("\n\n").contains("\"state\":\"succeeded\"");
    HttpResponse<byte[]> rest = api.send(api.request(null, path).header("Last-Event-ID", "2"));
    assertThat(text(rest)).contains("id: 3\n").doesNotContain("id: 2\n");
    long last = all.lines().filter(line -> line.startsWith("id: ")).count();
    assertThat(
            api.send(api.request(null, path).header("Last-Event-ID", Long.toString(last)))
                .statusCode())
        .isEqualTo(204);
    assertProblem(
        api.send(api.request(null, path).header("Last-Event-ID", "x")), 400, "bad-request");
  }

  @Test
  void failuresSayWhy() throws Exception {
    JsonNode job = api.finished(null, api.convert(null, model("bad")));
    assertThat(job.get("failure").get("detail").asText()).isEqualTo("it is bad");
    String type = job.get("failure").get("type").asText();
    assertThat(json(api.get(type)).get("title").asText()).isEqualTo("The model cannot be read");
    assertProblem(
        api.get("/v1/conversions/" + job.get("id").asText() + "/artifact"), 409, "not-ready");
  }

  @Test
  void deletingCancelsThenForgets() throws Exception {
    String id = json(api.convert(null, model("slow"))).get("id").asText();
    String path = "/v1/conversions/" + id;
    assertThat(api.send(api.request(null, path).DELETE()).statusCode()).isEqualTo(202);
    api.get(path + "/events");
    assertThat(json(api.get(path)).get("state").asText()).isEqualTo("cancelled");
    assertThat(api.send(api.request(null, path).DELETE()).statusCode()).isEqualTo(204);
    assertProblem(api.get(path), 404, "not-found");
  }

  @Test
  void listsComeInParts() throws Exception {
    for (int i = 0; i < 3; i++) {
      converted("listed " + i);
    }
    JsonNode first = json(api.get("/v1/conversions?limit=2&state=succeeded"));
    assertThat(first.get("conversions")).hasSize(2);
    JsonNode second = json(api.get("/v1/conversions?limit=1&before=" + first.get("next").asText()));
    assertThat(second.get("conversions").get(0).get("id").asText())
        .isLessThan(first.get("conversions").get(1).get("id").asText());
    assertProblem(api.get("/v1/conversions?limit=0"), 400, "bad-request");
    assertProblem(api.get("/v1/conversions?state=done"), 400, "bad-request");
    assertProblem(api.get("/v1/conversions?before=x"), 400, "bad-request");
  }

  @Test
  void whoHangsUpOnEventsIsNoFailure() throws Exception {
    String id = json(api.convert(null, model("slow"))).get("id").asText();
    String path = "/v1/conversions/" + id;
    try (Socket socket = new Socket(api.uri("/").getHost(), api.uri("/").getPort())) {
      String request = "GET %s/events HTTP/1.1\r\nHost: localhost\r\n\r\n".formatted(path);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(socket.getInputStream().readNBytes(12))).isEqualTo("HTTP/1.1 200");
    }
    String counted = "method=\"GET\",route=\"/v1/conversions/{id}/events\",status=\"%s\"";
    String metrics;
    do {
      metrics = text(api.get("/metrics"));
      assertThat(metrics).doesNotContain(counted.formatted(500));
    } while (!metrics.contains(counted.formatted(499)));
    api.send(api.request(null, path).DELETE());
  }

  @Test
  void metricsCountRequests() throws Exception {
    api.get("/v1/models");
    assertThat(text(api.get("/metrics")))
        .contains("ait4j_http_requests_seconds_count{method=\"GET\",route=\"/v1/models\"")
        .contains("ait4j_conversions_queued");
  }
}
