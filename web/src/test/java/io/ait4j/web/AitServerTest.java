package io.ait4j.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.web.cli.ServeOptions;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AitServerTest {
  @TempDir Path folder;

  @Test
  void servesOnAFreePort() throws Exception {
    try (AitServer server =
            AitServer.start(
                ServeOptions.parse(Map.of(), "--port", "0", "--data", folder.toString()));
        HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> none =
          client.send(
              HttpRequest.newBuilder(server.uri().resolve("/v1/conversions")).build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(none.statusCode()).isEqualTo(200);
      assertThat(none.body()).isEqualTo("{\"conversions\":[],\"next\":null}");
      HttpResponse<String> missing =
          client.send(
              HttpRequest.newBuilder(server.uri().resolve("/v1/nothing")).build(),
              HttpResponse.BodyHandlers.ofString());
      HttpResponse<String> put =
          client.send(
              HttpRequest.newBuilder(server.uri().resolve("/v1/conversions"))
                  .PUT(HttpRequest.BodyPublishers.noBody())
                  .build(),
              HttpResponse.BodyHandlers.ofString());
    }
  }
}
