package io.ait4j.web.cli;

import io.ait4j.fx.ModelException;
import io.ait4j.web.http.HttpSettings;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The server's certificate. */
final class TlsOptions {
  @Option(
      names = "--tls-certificate",
      paramLabel = "FILE",
      description =
          "Serve https with this certificate: PEM, the signers' after the server's own, or"
              + " PKCS #12 with the key in it.")
  private Path certificate;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = "The certificate's key: PEM, PKCS #8 without a password.")
  private Path key;

  @Option(
      names = "--tls-password",
      paramLabel = "SECRET",
      defaultValue = "",
      description = "Password of the PKCS #12 file: better in the environment.")
  private String password;

  Optional<HttpSettings.TlsFiles> files() {
    if (certificate == null && key != null) {
      throw new ModelException(
          ModelException.Kind.USAGE, "--tls-key wants --tls-certificate beside it");
    }
    return Optional.ofNullable(certificate)
        .map(file -> new HttpSettings.TlsFiles(file, Optional.ofNullable(key), password));
  }
}
