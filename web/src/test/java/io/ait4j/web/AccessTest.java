package io.ait4j.web;

import static io.ait4j.web.ApiServer.assertProblem;
import static io.ait4j.web.ApiServer.json;
import static io.ait4j.web.ApiServer.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.ait4j.fx.ModelException;
import io.ait4j.web.access.Scope;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessTest {
  @TempDir Path folder;

  private ApiServer start(String... flags) throws Exception {
    return ApiServer.start(folder, new CopyingConverter(), flags);
  }

  private static MultipartBody model() {
    return new MultipartBody().file("model", "m", "x".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void keysSeeTheirOwnAndAdministratorsAll() throws Exception {
    String ann = ApiServer.key(folder, "ann", Scope.CONVERT);
    String bob = ApiServer.key(folder, "bob", Scope.CONVERT);
    String eve = ApiServer.key(folder, "eve", Scope.INFER);
    String admin = ApiServer.key(folder, "admin", Scope.ADMIN);
    try (ApiServer api = start()) {
      assertProblem(api.convert(null, model()), 401, "unauthenticated");
      assertProblem(api.convert(eve, model()), 403, "forbidden");
      JsonNode job = api.finished(ann, api.convert(ann, model()));
      String path = "/v1/conversions/" + job.get("id").asText();
      String upload = job.get("model").get("id").asText();
      for (String of : new String[] {path, path + "/artifact", path + "/events"}) {
        assertProblem(api.send(api.request(bob, of)), 404, "not-found");
      }
      assertProblem(api.send(api.request(bob, path).DELETE()), 404, "not-found");
      assertProblem(
          api.convert(bob, new MultipartBody().text("model_upload", upload)), 404, "not-found");
      assertThat(json(api.send(api.request(bob, "/v1/conversions"))).get("conversions")).isEmpty();
      assertThat(json(api.send(api.request(admin, "/v1/conversions"))).get("conversions"))
          .hasSize(1);
      JsonNode forEve = json(api.send(api.request(eve, "/v1/models"))).get("models").get(0);
      assertThat(forEve.get("name")).isEqualTo(job.get("name"));
      assertThat(forEve.get("conversion").isNull()).isTrue();
      assertProblem(api.send(api.request(bob, "/metrics")), 403, "forbidden");
      api.send(api.request(ann, path).DELETE());
      api.send(api.request(ann, "/v1/uploads/" + upload).DELETE());
      String audit = text(api.send(api.request(admin, "/v1/audit")));
      assertThat(audit)
          .contains("\"conversion.create\",\"subject\":\"" + job.get("id").asText())
          .contains("\"conversion.delete\",\"subject\":\"" + job.get("id").asText())
          .contains("\"upload.delete\",\"subject\":\"" + upload)
          .contains("\"refused\",\"subject\":\"POST /v1/conversions\",\"status\":401")
          .doesNotContain(ann);
    }
  }

  @Test
  void theFirstKeyClosesAnOpenServerAndRevokedOnesDoNotOpenIt() throws Exception {
    try (ApiServer api = start()) {
      HttpResponse<byte[]> made =
          api.send(
              api.request(null, "/v1/keys")
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofString("{\"name\": \"a\", \"scopes\": [\"admin\"]}")));
      assertThat(made.statusCode()).as(text(made)).isEqualTo(201);
      String key = json(made).get("key").asText();
      assertProblem(api.get("/v1/keys"), 401, "unauthenticated");
      assertThat(text(api.send(api.request(key, "/v1/keys")))).doesNotContain(key);
      String second =
          json(api.send(
                  api.request(key, "/v1/keys")
                      .header("Content-Type", "application/json")
                      .POST(
                          BodyPublishers.ofString(
                              "{\"name\": \"b\", \"scopes\": [\"convert\", \"infer\"]}"))))
              .get("id")
              .asText();
      assertThat(api.send(api.request(key, "/v1/keys/" + second).DELETE()).statusCode())
          .isEqualTo(204);
      assertProblem(api.send(api.request(key, "/v1/keys/" + second).DELETE()), 404, "not-found");
      api.send(api.request(key, "/v1/keys/" + json(made).get("id").asText()).DELETE());
      assertProblem(api.send(api.request(key, "/v1/keys")), 401, "unauthenticated");
      assertProblem(api.get("/v1/keys"), 401, "unauthenticated");
    }
  }

  @Test
  void anOpenServerAnswersItsOwnPagesOnly() throws Exception {
    try (ApiServer api = start()) {
      assertProblem(
          api.send(api.request(null, "/v1/conversions").header("Origin", "http://evil.example")),
          403,
          "forbidden");
      assertThat(
              api.send(
                      api.request(null, "/v1/conversions")
                          .header("Origin", "http://" + api.uri("/").getAuthority()))
                  .statusCode())
          .isEqualTo(200);
      try (Socket socket = new Socket(api.uri("/").getHost(), api.uri("/").getPort())) {
        OutputStream out = socket.getOutputStream();
        out.write("GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n".getBytes());
        assertThat(new String(socket.getInputStream().readAllBytes())).startsWith("HTTP/1.1 421 ");
      }
    }
  }

  @Test
  void withoutKeysTheServerStaysOnThisMachine() {
    assertThatThrownBy(() -> start("--host", "0.0.0.0"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("make a key first");
  }

  @Test
  void noKeyKeepsAllUploadsFromOthers() throws Exception {
    String slow = ApiServer.key(folder, "slow", Scope.CONVERT);
    String other = ApiServer.key(folder, "other", Scope.CONVERT);
    try (ApiServer api = start("--max-uploads", "2");
        Socket first = slowUpload(api, slow)) {
      InputStream in = first.getInputStream();
      assertThat(new String(in.readNBytes(12))).isEqualTo("HTTP/1.1 100"); // its body is read
      try (Socket second = slowUpload(api, slow)) { // waits, as it may take none
        api.finished(other, api.convert(other, model()));
      }
    }
  }

  /** One whose body never comes. */
  private static Socket slowUpload(ApiServer api, String key) throws IOException {
    Socket socket = new Socket(api.uri("/").getHost(), api.uri("/").getPort());
    String head =
        "POST /v1/uploads HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
            + "Expect: 100-continue\r\nContent-Type: application/octet-stream\r\n"
            + "Content-Length: 9\r\n\r\n";
    socket.getOutputStream().write(head.formatted(key).getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  @Test
  void callersHaveARate() throws Exception {
    String fast = ApiServer.key(folder, "fast", Scope.CONVERT);
    String other = ApiServer.key(folder, "other", Scope.CONVERT);
    try (ApiServer api = start("--max-rate", "1")) {
      List<HttpResponse<byte[]>> responses = new ArrayList<>();
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<HttpResponse<byte[]>>> sent = new ArrayList<>();
        for (int i = 0; i < 40; i++) { // 2 may come at once, then one a second
          sent.add(threads.submit(() -> api.send(api.request(fast, "/v1/models"))));
        }
        for (Future<HttpResponse<byte[]>> response : sent) {
          responses.add(response.get());
        }
      }
      assertThat(responses).anyMatch(response -> response.statusCode() == 200);
      HttpResponse<byte[]> refused =
          responses.stream().filter(r -> r.statusCode() != 200).findFirst().orElseThrow();
      assertProblem(refused, 429, "too-many-requests");
      assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
      assertThat(api.send(api.request(other, "/v1/models")).statusCode()).isEqualTo(200);
    }
  }
}
