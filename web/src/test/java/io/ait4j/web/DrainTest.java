package io.ait4j.web;

import static io.ait4j.web.ApiServer.assertProblem;
import static io.ait4j.web.ApiServer.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.ait4j.web.convert.Converter;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrainTest {
  @TempDir Path folder;

  private final CountDownLatch begun = new CountDownLatch(1);

  private static MultipartBody model(String content) {
    return new MultipartBody().file("model", "m", content.getBytes(StandardCharsets.UTF_8));
  }

  /** Says when it begins. */
  private Converter converter() {
    return (task, listener) -> {
      begun.countDown();
      return new CopyingConverter().convert(task, listener);
    };
  }

  @Test
  void aDrainingServerTakesNoWorkAndWaitsForWhatRuns() throws Exception {
    try (ApiServer api = ApiServer.start(folder, converter())) {
      String id = json(api.convert(null, model("slow"))).get("id").asText();
      begun.await();
      assertThat(api.get("/v2/health/ready").statusCode()).isEqualTo(200);
      Thread drain = Thread.startVirtualThread(() -> api.server().drain(Duration.ofMinutes(1)));
      HttpResponse<byte[]> ready = api.get("/v2/health/ready");
      while (ready.statusCode() == 200) { // until the thread got as far
        ready = api.get("/v2/health/ready");
      }
      assertProblem(ready, 503, "unavailable");
      HttpResponse<byte[]> refused = api.convert(null, model("x"));
      assertProblem(refused, 503, "unavailable");
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();
      HttpResponse<byte[]> inference =
          api.send(
              api.request(null, "/v2/models/m/infer")
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString("{\"inputs\": []}")));
      assertProblem(inference, 503, "unavailable");
      assertThat(inference.headers().firstValue("Retry-After")).isPresent();
      assertThat(inference.headers().firstValue("Connection")).hasValue("close");
      assertThat(json(inference).get("error").asText()).contains("being stopped");
      assertThat(api.get("/v2/health/live").statusCode()).isEqualTo(200);
      assertThat(json(api.get("/v1/conversions/" + id)).get("state").asText()).isEqualTo("running");
      assertThat(drain.isAlive()).isTrue();
      api.send(api.request(null, "/v1/conversions/" + id).DELETE());
      drain.join();
    }
  }

  @Test
  void anIdleServerSaysThatItIsNotReadyBeforeItIsGone() throws Exception {
    try (ApiServer api = ApiServer.start(folder, converter())) {
      Thread drain = Thread.startVirtualThread(() -> api.server().drain(Duration.ofSeconds(3)));
      int status = 200;
      while (status == 200) {
        try (HttpClient fresh = HttpClient.newHttpClient()) { // over another connection
          HttpRequest ready = HttpRequest.newBuilder(api.uri("/v2/health/ready")).build();
          status = fresh.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode();
        }
      }
      assertThat(status).isEqualTo(503);
      drain.join();
    }
  }

  @Test
  void aFolderIsOneServers() throws Exception {
    try (ApiServer api = ApiServer.start(folder, converter())) {
      assertThatThrownBy(() -> ApiServer.start(folder, converter()))
          .hasMessageContaining("another server uses the folder");
    }
  }

  @Test
  void whatDidNotEndIsDoneByTheNextServer() throws Exception {
    String id;
    try (ApiServer api = ApiServer.start(folder, converter())) {
      id = json(api.convert(null, model("slow"))).get("id").asText();
      begun.await();
      api.server().drain(Duration.ZERO);
    }
    try (ApiServer api = ApiServer.start(folder, new CopyingConverter("nothing"))) {
      api.get("/v1/conversions/" + id + "/events");
      JsonNode job = json(api.get("/v1/conversions/" + id));
      assertThat(job.get("state").asText()).as(job.toString()).isEqualTo("succeeded");
    }
  }
}
