package io.ait4j.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ait4j.web.database.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What nobody should send: each gets the right status, and the server stays well. */
class HostileRequestsTest {
  @TempDir static Path folder;
  private static RunningServer server;

  @BeforeAll
  static void start() {
    server =
        RunningServer.start(
            folder,
            TestDatabase.EMBEDDED,
            "--max-upload",
            "32MB",
            "--idle-timeout",
            "2s",
            "--min-rate",
            "10KB");
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @AfterEach
  void theServerIsWell() throws Exception {
    assertThat(server.get("/v2/health/ready").statusCode()).isEqualTo(200);
    assertThat(server.json("/v1/conversions").get("conversions").isArray()).isTrue();
    try (Stream<Path> left = Files.list(folder.resolve("uploads"))) {
      assertThat(left).as("what was received in vain").isEmpty();
    }
  }

  private static void assertProblem(HttpResponse<byte[]> response, int status, String type)
      throws IOException {
    String text = RunningServer.text(response);
    assertThat(response.statusCode()).as(text).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/problem+json");
    JsonNode problem = RunningServer.JSON.readTree(text);
    assertThat(problem.get("status").asInt()).isEqualTo(status);
    assertThat(problem.get("type").asText()).isEqualTo("/problems/" + type);
    assertThat(problem.get("detail").asText()).isNotBlank();
  }

  private static void assertStatus(String raw, int status) {
    assertThat(raw).startsWith("HTTP/1.1 " + status + " ");
    assertThat(raw).contains("application/problem+json");
  }

  private static byte[] zip(String entry, long zeros) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry(entry));
      byte[] block = new byte[1 << 20];
      for (long left = zeros; left > 0; left -= block.length) {
        zip.write(block);
      }
    }
    return bytes.toByteArray();
  }

  /** The one conversion of a file fails as one that cannot be read. */
  private static void assertUnreadable(byte[] model) throws Exception {
    HttpResponse<byte[]> response =
        server.convert(new MultipartBody().file("model", "model.pt2", model));
    assertThat(response.statusCode()).as(RunningServer.text(response)).isEqualTo(202);
    JsonNode job = server.finished(RunningServer.JSON.readTree(response.body()).get("id").asText());
    assertThat(job.get("state").asText()).as(job.toString()).isEqualTo("failed");
    assertThat(job.get("failure").get("cause").asText()).as(job.toString()).isEqualTo("import");
  }

  @Test
  void zipBomb() throws Exception {
    assertUnreadable(zip("model/models/model.json", 1L << 30));
  }

  @Test
  void entriesThatClimbOut() throws Exception {
    assertUnreadable(zip("../../../../tmp/ait4j-climbed-out", 1));
    assertThat(Path.of("/tmp/ait4j-climbed-out")).doesNotExist();
  }

  @Test
  void nonsense() throws Exception {
    assertUnreadable(new byte[0]);
    assertUnreadable("not a model".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void truncatedUpload() throws Exception {
    String cut =
        """
        POST /v1/conversions HTTP/1.1
        Host: localhost
        Authorization: Bearer %s
        Content-Type: multipart/form-data; boundary=b
        Content-Length: 100000

        --b
        Content-Disposition: form-data; name="model"; filename="m.pt"

        abc"""
            .formatted(server.key());
    assertThat(server.raw(cut)).startsWith("HTTP/1.1 408 "); // nothing more comes
    HttpResponse<byte[]> unended =
        server.post(
            "/v1/conversions",
            "multipart/form-data; boundary=b",
            BodyPublishers.ofString(
                "--b\r\nContent-Disposition: form-data; name=\"model\"; filename=\"m\"\r\n\r\nabc"));
    assertProblem(unended, 400, "bad-request");
  }

  @Test
  void tenGigabytes() throws Exception {
    String huge =
        """
        POST /v1/uploads HTTP/1.1
        Host: localhost
        Authorization: Bearer %s
        Content-Type: multipart/form-data; boundary=b
        Content-Length: 10737418240

        """
            .formatted(server.key());
    assertStatus(server.raw(huge), 413);
    MultipartBody form = new MultipartBody().file("file", "m.pt", new byte[33 << 20]);
    HttpResponse<byte[]> chunked =
        server.post(
            "/v1/uploads",
            form.contentType(),
            BodyPublishers.fromPublisher(BodyPublishers.ofByteArrays(form.parts())));
    assertProblem(chunked, 413, "too-large");
  }

  @Test
  void slowSender() throws Exception {
    String start =
        """
        POST /v1/uploads HTTP/1.1
        Host: localhost
        Authorization: Bearer %s
        Content-Type: multipart/form-data; boundary=b
        Content-Length: 1000000

        """
            .formatted(server.key());
    assertStatus(server.raw(start), 408);
    assertThat(server.raw("GET /v1/conversions HTTP/1.1\nHost: loc")).doesNotContain("200 OK");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "Bearer ", "Bearer wrong", "Basic dGVzdHM6eA==", "Bearer ' OR 1=1 --"})
  void wrongKeys(String header) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(server.uri("/v1/conversions"));
    if (!header.isEmpty()) {
      request.header("Authorization", header);
    }
    HttpResponse<byte[]> response = server.send(request);
    assertProblem(response, 401, "unauthenticated");
    assertThat(response.headers().firstValue("WWW-Authenticate")).isPresent();
  }

  @Test
  void keysMayDoWhatTheirScopesSay() throws Exception {
    HttpResponse<byte[]> made =
        server.post(
            "/v1/keys",
            "application/json",
            BodyPublishers.ofString("{\"name\": \"reader\", \"scopes\": [\"infer\"]}"));
    assertThat(made.statusCode()).as(RunningServer.text(made)).isEqualTo(201);
    String key = RunningServer.JSON.readTree(made.body()).get("key").asText();
    for (String path : List.of("/v1/conversions", "/v1/keys")) {
      HttpResponse<byte[]> refused =
          server.send(
              HttpRequest.newBuilder(server.uri(path)).header("Authorization", "Bearer " + key));
      assertProblem(refused, 403, "forbidden");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x'; DROP TABLE job; --",
        "../../etc/passwd",
        "..",
        "a/b",
        "a\\r\\nSet-Cookie: a=b",
        "a\\u0000b",
        "$(touch /tmp/x)",
        ""
      })
  void modelNames(String name) throws Exception {
    HttpResponse<byte[]> response =
        server.convert(
            RunningServer.MODELS.resolve("fnet/model.pt2"), "{\"name\": \"" + name + "\"}");
    assertProblem(response, 400, "invalid-settings");
  }

  @Test
  void identifiersOfPathsAndQueries() throws Exception {
    String injection = URLEncoder.encode("x' OR '1'='1", StandardCharsets.UTF_8);
    assertProblem(server.get("/v1/conversions/" + injection), 404, "not-found");
    assertProblem(server.get("/v1/conversions?state=" + injection), 400, "bad-request");
    assertProblem(server.get("/v1/conversions?before=" + injection), 400, "bad-request");
    assertThat(server.get("/v2/models/" + injection).statusCode()).isEqualTo(404);
    String climb = server.raw(get("/v1/conversions/..%2f..%2f..%2fetc%2fpasswd/artifact"));
    assertThat(climb).matches("(?s)HTTP/1.1 40[04] .*").doesNotContain("root:");
    String page = server.raw(get("/..%2f..%2f..%2f..%2fetc/passwd"));
    assertThat(page).matches("(?s)HTTP/1.1 40[04] .*").doesNotContain("root:");
  }

  private static String get(String path) {
    return "GET %s HTTP/1.1\nHost: localhost\nConnection: close\nAuthorization: Bearer %s\n\n"
        .formatted(path, server.key());
  }

  @Test
  void fileNamesStayNames() throws Exception {
    String name = "../../evil.pt%0d%0aSet-Cookie: a=b\u0001<script>";
    HttpResponse<byte[]> uploaded =
        server.convert(
            new MultipartBody()
                .file("model", name, "x".getBytes(StandardCharsets.UTF_8))
                .text("settings", "{}"));
    assertThat(uploaded.statusCode()).isEqualTo(202);
    JsonNode job = server.finished(RunningServer.JSON.readTree(uploaded.body()).get("id").asText());
    assertThat(job.get("model").get("name").asText()).doesNotContain("/").doesNotContain("\u0001");
    HttpResponse<byte[]> artifact =
        server.get("/v1/conversions/" + job.get("id").asText() + "/artifact");
    assertThat(artifact.statusCode()).isEqualTo(409);
    assertThat(artifact.headers().map()).doesNotContainKey("Set-Cookie");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "[]",
        "\"text\"",
        "{\"no_such_setting\": 1}",
        "{\"precision\": \"fp8\"}",
        "{\"inputs\": [\"x=float32[-1]\"]}",
        "{\"inputs\": 3}",
        "{\"targets\": [\"cpu:$(id)\"]}",
        "{\"min_partition_size\": 99999999999999999999}",
        "{\"require_full\": \"yes\"}",
        "{\"name\": \"a\", \"name\": \"b\"}",
        "{} {}"
      })
  void settings(String settings) throws Exception {
    assertProblem(
        server.convert(RunningServer.MODELS.resolve("fnet/model.pt2"), settings),
        400,
        "invalid-settings");
  }

  @Test
  void deepJson() throws Exception {
    String deep = "[".repeat(100_000) + "]".repeat(100_000);
    HttpResponse<byte[]> settings =
        server.convert(
            RunningServer.MODELS.resolve("fnet/model.pt2"), "{\"inputs\": " + deep + "}");
    assertThat(settings.statusCode()).isBetween(400, 413);
    HttpResponse<byte[]> infer =
        server.post("/v2/models/none/infer", "application/json", BodyPublishers.ofString(deep));
    assertThat(infer.statusCode()).isBetween(400, 413);
  }

  @Test
  void wrongMethodsTypesAndForms() throws Exception {
    HttpResponse<byte[]> put =
        server.send(server.request("/v1/conversions").PUT(BodyPublishers.noBody()));
    assertProblem(put, 405, "method-not-allowed");
    assertThat(put.headers().firstValue("Allow").orElse("")).contains("GET").contains("POST");
    assertProblem(
        server.post("/v1/conversions", "text/plain", BodyPublishers.ofString("model")),
        415,
        "unsupported-media-type");
    assertProblem(server.convert(new MultipartBody().text("settings", "{}")), 400, "bad-request");
    byte[] one = {1};
    assertProblem(
        server.convert(new MultipartBody().file("model", "a", one).file("unknown", "b", one)),
        400,
        "bad-request");
    assertProblem(
        server.convert(new MultipartBody().file("model", "a", one).file("model", "b", one)),
        400,
        "bad-request");
  }

  @Test
  void headers() throws Exception {
    assertStatus(
        server.raw("GET / HTTP/1.1\nHost: localhost\nX: " + "a".repeat(100_000) + "\n\n"), 431);
    assertThat(server.raw("NONSENSE\n\n")).startsWith("HTTP/1.1 400 ");
    HttpResponse<byte[]> long1 =
        server.send(
            server
                .request("/v1/conversions")
                .header("Idempotency-Key", "k".repeat(300))
                .header("Content-Type", "multipart/form-data; boundary=b")
                .POST(BodyPublishers.ofString("--b--\r\n")));
    assertProblem(long1, 400, "bad-request");
  }

  @Test
  void smuggledLengths() throws Exception {
    String both =
        """
        POST /v1/uploads HTTP/1.1
        Host: localhost
        Authorization: Bearer %s
        Content-Type: multipart/form-data; boundary=b
        Content-Length: 4
        Content-Length: 40

        abcd"""
            .formatted(server.key());
    assertThat(server.raw(both)).startsWith("HTTP/1.1 400 ");
  }
}
