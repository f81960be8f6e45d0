package io.ait4j.web.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.ModelException;
import io.ait4j.web.ServerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServeOptionsTest {
  @TempDir Path folder;

  private Path config(String lines) throws IOException {
    return Files.writeString(folder.resolve("server.properties"), lines);
  }

  @Test
  void aFlagWinsOverTheEnvironmentAndThatOverTheFile() throws IOException {
    String file = config("port=1\nmax-rate=1\nmax-uploads = 1\ndrain=1s\n").toString();
    ServerSettings settings =
        ServeOptions.parse(
            Map.of("AIT4J_PORT", "2", "AIT4J_MAX_RATE", "2", "AIT4J_CONFIG", file, "PORT", "9"),
            "--port=3");
    assertThat(settings.http().port()).isEqualTo(3);
    assertThat(settings.http().requestsPerSecond()).isEqualTo(2);
    assertThat(settings.http().maxUploads()).isEqualTo(1);
    assertThat(settings.drain()).isEqualTo(Duration.ofSeconds(1));
    assertThat(settings.http().maxConnections()).isEqualTo(1024);
  }

  @Test
  void valuesHaveUnits() {
    ServerSettings settings =
        ServeOptions.parse(
            Map.of("AIT4J_MODEL", "a=/x/a.aitm,b=/x/b.aitm"),
            "--max-upload=3MB",
            "--conversion-time=90m",
            "--keep-jobs=7d",
            "--keep-audit=forever",
            "--data=" + folder);
    assertThat(settings.http().maxUploadBytes()).isEqualTo(3 << 20);
    assertThat(settings.conversionLimits().time()).isEqualTo(Duration.ofMinutes(90));
    assertThat(settings.retention().jobs()).hasValue(Duration.ofDays(7));
    assertThat(settings.retention().audit()).isEqualTo(Optional.empty());
    assertThat(settings.models()).containsEntry("b", Path.of("/x/b.aitm")).hasSize(2);
    assertThat(settings.database().isEmbedded()).isTrue();
    assertThat(settings.store()).startsWith("file:").contains("/store");
  }

  @ParameterizedTest
  @CsvSource({
    "--port=many, --port",
    "--max-upload=3 stones, 512m",
    "--idle-timeout=soon, 30s",
    "--max-rate=0, --max-rate is 1 or more",
    "--tls-key=k.pem, --tls-certificate",
    "--database=mysql://x, jdbc:postgresql:",
    "--unknown=1, --unknown"
  })
  void wrongValuesAreNamed(String flag, String named) {
    assertThatThrownBy(() -> ServeOptions.parse(Map.of(), flag))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(named);
  }

  @Test
  void messagesSayWhereAValueStood() throws IOException {
    assertThatThrownBy(() -> ServeOptions.parse(Map.of("AIT4J_PORT", "x")))
        .hasMessageContaining("AIT4J_PORT");
    String file = config("port=x").toString();
    assertThatThrownBy(() -> ServeOptions.parse(Map.of(), "--config", file))
        .hasMessageContaining("the line port of --config");
    String wrong = config("prot=1").toString();
    assertThatThrownBy(() -> ServeOptions.parse(Map.of(), "--config", wrong))
        .hasMessageContaining("there is no option 'prot'");
  }
}
