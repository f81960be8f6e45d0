package io.ait4j.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ait4j.lower.Main;
import io.ait4j.web.convert.CompiledBefore;
import java.io.BufferedReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code ait4j serve} as a process of its own, and what becomes of it. */
class ServerKilledTest {
  private static final String SERVING = "ait4j: serving at ";

  @TempDir Path folder;
  private final HttpClient client = HttpClient.newHttpClient();

  /** A server's process, and where it listens. */
  private record Serving(Process process, URI uri) {}

  private Serving serve() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "serve",
                "--port",
                "0",
                "--data",
                folder.toString())
            .redirectError(folder.resolve("log.txt").toFile())
            .start();
    BufferedReader out = process.inputReader();
    String line = out.readLine();
    while (line != null && !line.startsWith(SERVING)) {
      line = out.readLine();
    }
    assertThat(line).isNotNull();
    return new Serving(process, URI.create(line.substring(SERVING.length()).trim()));
  }

  private JsonNode json(HttpRequest.Builder request) throws Exception {
    return RunningServer.JSON.readTree(
        client.send(request.build(), BodyHandlers.ofString()).body());
  }

  private String submit(Serving server) throws Exception {
    MultipartBody form =
        new MultipartBody().file("model", RunningServer.MODELS.resolve("resnet20/model.pt2"));
    JsonNode job =
        json(
            HttpRequest.newBuilder(server.uri().resolve("/v1/conversions"))
                .header("Content-Type", form.contentType())
                .POST(BodyPublishers.ofByteArrays(form.parts())));
    return job.get("id").asText();
  }

  private JsonNode job(Serving server, String id) throws Exception {
    return json(HttpRequest.newBuilder(server.uri().resolve("/v1/conversions/" + id)));
  }

  private void awaitCompiling(Serving server, String id) throws Exception {
    while (!job(server, id).get("stage").asText().equals("compile")) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  @Test
  void aServerThatComesBackFinishesWhatItBegan() throws Exception {
    Serving first = serve();
    String id = submit(first);
    awaitCompiling(first, id);
    List<ProcessHandle> workers = first.process().descendants().toList();
    assertThat(workers).isNotEmpty();
    first.process().destroyForcibly().waitFor();
    for (ProcessHandle worker : workers) {
      worker.onExit().get(10, TimeUnit.SECONDS); // nobody is left to hear it
    }
    CompiledBefore.giveTo("anonymous", folder); // for it to end soon
    Serving second = serve();
    try {
      String end =
          client
              .send(
                  HttpRequest.newBuilder(second.uri().resolve("/v1/conversions/" + id + "/events"))
                      .build(),
                  BodyHandlers.ofString())
              .body();
      assertThat(end).contains("succeeded");
      JsonNode job = job(second, id);
      assertThat(job.get("state").asText()).as(job.toString()).isEqualTo("succeeded");
      assertThat(job.get("attempts").asInt()).isEqualTo(2);
    } finally {
      second.process().destroy();
      assertThat(second.process().waitFor(60, TimeUnit.SECONDS))
          .as("it ends when told to")
          .isTrue();
    }
    assertThat(second.process().exitValue()).isIn(0, 143);
  }
}
