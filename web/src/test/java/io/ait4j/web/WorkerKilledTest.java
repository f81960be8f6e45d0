package io.ait4j.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ait4j.web.database.TestDatabase;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever dies, a conversion that was accepted ends in a result or in a reason. */
class WorkerKilledTest {
  @TempDir Path folder;

  private static String submit(RunningServer server) throws Exception {
    HttpResponse<byte[]> response =
        server.convert(RunningServer.MODELS.resolve("resnet20/model.pt2"), "{}");
    assertThat(response.statusCode()).as(RunningServer.text(response)).isEqualTo(202);
    return RunningServer.JSON.readTree(response.body()).get("id").asText();
  }

  /** Kills the worker of the job's {@code attempt} once it compiles. */
  private static void kill(RunningServer server, String id, int attempt) throws Exception {
    JsonNode job = server.json("/v1/conversions/" + id);
    while (job.get("attempts").asInt() < attempt || !job.get("stage").asText().equals("compile")) {
      assertThat(job.get("finished").isNull()).as(job.toString()).isTrue();
      TimeUnit.MILLISECONDS.sleep(20);
      job = server.json("/v1/conversions/" + id);
    }
    Optional<ProcessHandle> worker =
        ProcessHandle.current()
            .descendants()
            .filter(p -> p.info().commandLine().orElse("").contains(folderOf(server)))
            .findFirst();
    assertThat(worker).isPresent();
    worker.get().destroyForcibly();
    worker.get().onExit().get(10, TimeUnit.SECONDS);
  }

  private static String folderOf(RunningServer server) {
    return server.data().toString();
  }

  @Test
  void anotherWorkerTakesUpWhatOneLeft() throws Exception {
    try (RunningServer server = RunningServer.start(folder, TestDatabase.POSTGRESQL)) {
      String id = submit(server);
      kill(server, id, 1);
      JsonNode job = server.finished(id);
      assertThat(job.get("state").asText()).as(job.toString()).isEqualTo("succeeded");
      assertThat(job.get("attempts").asInt()).isEqualTo(2);
    }
  }

  @Test
  void aJobThatKillsThreeWorkersHasFailed() throws Exception {
    try (RunningServer server = RunningServer.start(folder, TestDatabase.EMBEDDED)) {
      String id = submit(server);
      for (int attempt = 1; attempt <= 3; attempt++) {
        kill(server, id, attempt);
      }
      JsonNode job = server.finished(id);
      assertThat(job.get("state").asText()).as(job.toString()).isEqualTo("failed");
      assertThat(job.get("failure").get("cause").asText()).isEqualTo("crash");
      assertThat(job.get("attempts").asInt()).isEqualTo(3);
      assertThat(server.get("/v2/health/ready").statusCode()).isEqualTo(200);
    }
  }
}
