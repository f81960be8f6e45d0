package io.ait4j.web;

import static io.ait4j.web.ApiServer.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.ModelException;
import io.ait4j.web.cli.ServeOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionsTest {
  private static final String PASSWORD = "changeit";

  @TempDir Path folder;

  /** A certificate for localhost, and its key, by the JDK's own tool. */
  private KeyStore selfSigned(Path file) throws Exception {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "server",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD)
            .inheritIO()
            .start();
    assertThat(keytool.waitFor()).isZero();
    return KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
  }

  private static Path pem(Path file, String type, byte[] der) throws IOException {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return Files.writeString(
        file, "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(type, base64, type));
  }

  private static HttpClient trusting(KeyStore store) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("server", store.getCertificate("server"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, trust.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(tls).build();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tls(boolean asPem) throws Exception {
    Path pkcs12 = folder.resolve("server.p12");
    KeyStore store = selfSigned(pkcs12);
    List<String> flags =
        new ArrayList<>(List.of("--port", "0", "--data", folder.resolve("data").toString()));
    if (asPem) {
      Key key = store.getKey("server", PASSWORD.toCharArray());
      flags.add("--tls-key=" + pem(folder.resolve("key.pem"), "PRIVATE KEY", key.getEncoded()));
      byte[] certificate = store.getCertificate("server").getEncoded();
      flags.add(
          "--tls-certificate=" + pem(folder.resolve("chain.pem"), "CERTIFICATE", certificate));
    } else {
      flags.addAll(List.of("--tls-certificate", pkcs12.toString(), "--tls-password", PASSWORD));
    }
    try (AitServer server =
            AitServer.start(ServeOptions.parse(Map.of(), flags.toArray(String[]::new)));
        HttpClient client = trusting(store)) {
      assertThat(server.uri().getScheme()).isEqualTo("https");
      HttpResponse<String> live =
          client.send(
              HttpRequest.newBuilder(server.uri().resolve("/v2/health/live")).build(),
              BodyHandlers.ofString());
      assertThat(live.statusCode()).isEqualTo(200);
      assertThat(live.headers().firstValue("Strict-Transport-Security")).isPresent();
    }
  }

  @Test
  void aCertificateThatIsNoneIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("chain.pem"), "nothing");
    assertThatThrownBy(
            () ->
                AitServer.start(
                    ServeOptions.parse(
                        Map.of(),
                        "--port=0",
                        "--data=" + folder,
                        "--tls-certificate=" + file,
                        "--tls-key=" + file)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("chain.pem");
  }

  @Test
  void headersThatComeByteByByteAreNotWaitedFor() throws Exception {
    try (ApiServer api =
            ApiServer.start(folder, new CopyingConverter(), "--idle-timeout", "500ms");
        Socket socket = new Socket(api.uri("/").getHost(), api.uri("/").getPort())) {
      OutputStream out = socket.getOutputStream();
      byte[] endless = "GET / HTTP/1.1\r\nX: ".getBytes(StandardCharsets.US_ASCII);
      int sent = 0;
      try {
        for (; sent < 200; sent++) { // never silent for as long as the idle timeout
          out.write(sent < endless.length ? endless[sent] : 'x');
          TimeUnit.MILLISECONDS.sleep(100);
        }
      } catch (IOException e) {
        assertThat(e).hasMessageMatching("(?i).*(broken pipe|reset).*");
      }
      assertThat(sent).isLessThan(200);
    }
  }

  @Test
  void uploadsLeaveRoomOnTheDisk() throws Exception {
    try (ApiServer api =
        ApiServer.start(folder, new CopyingConverter(), "--min-free-disk", "1000000t")) {
      MultipartBody form = new MultipartBody().file("model", "m", new byte[] {1});
      assertProblem(api.convert(null, form), 507, "insufficient-storage");
    }
  }

  @Test
  void aPortThatIsTakenIsNamed() throws Exception {
    try (ApiServer api = ApiServer.start(folder.resolve("a"), new CopyingConverter())) {
      String port = Integer.toString(api.uri("/").getPort());
      assertThatThrownBy(
              () -> ApiServer.start(folder.resolve("b"), new CopyingConverter(), "--port", port))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("port " + port);
    }
  }
}
