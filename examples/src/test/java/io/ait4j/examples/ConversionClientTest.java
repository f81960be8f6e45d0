package io.ait4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.ait4j.lower.LoweredModule;
import io.ait4j.web.AitServer;
import io.ait4j.web.cli.ServeOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client on the real server. */
class ConversionClientTest {
  private static final Path FNET = Path.of("models", "fnet");

  @TempDir private static Path folder;
  private static AitServer server;
  private static ConversionClient client;

  @BeforeAll
  static void serve() {
    server =
        AitServer.start(ServeOptions.parse(Map.of(), "--port", "0", "--data", folder.toString()));
    client = new ConversionClient(server.uri(), "");
  }

  @AfterAll
  static void stop() {
    client.close();
    server.close();
  }

  @Test
  void aModelIsConvertedFollowedFetchedAndTried() throws Exception {
    Path out = folder.resolve("fnet.aitm");
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    client.demonstrate(
        FNET.resolve("model.pt2"), out, new PrintStream(said, true, StandardCharsets.UTF_8));
    assertThat(said.toString(StandardCharsets.UTF_8)).contains("100 % ", "output0 FP32[");
    try (LoweredModule module = LoweredModule.load(out)) {
      assertThat(module.outputNames()).hasSize(1);
    }
  }

  @Test
  void samplesAndSettingsGoAlong() throws Exception {
    String id =
        client.convert(
            Map.of("model", FNET.resolve("model.pt"), "samples", FNET.resolve("io.safetensors")),
            Map.of("name", "fnet", "precision", "fp32"));
    List<String> states = new ArrayList<>();
    JsonNode job = client.follow(id, event -> states.add(event.get("state").asText()));
    assertThat(states).contains("running").endsWith("succeeded");
    assertThat(job.get("name").asText()).isEqualTo("fnet");
    assertThat(job.get("seconds").has("verify")).isTrue();
    assertThat(job.at("/samples/0/name").asText()).isEqualTo("io.safetensors");
  }

  @Test
  void whatTheServiceRefusesIsSaidInItsWords() throws Exception {
    assertThatThrownBy(() -> client.find("c-none"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("404");
    Path broken = Files.writeString(folder.resolve("broken.pt"), "no model");
    String id = client.convert(Map.of("model", broken), Map.of());
    assertThatThrownBy(() -> client.follow(id, event -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the conversion failed: ")
        .hasMessageContaining("neither TorchScript");
  }
}
