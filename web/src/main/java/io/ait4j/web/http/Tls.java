package io.ait4j.web.http;

import io.ait4j.fx.ModelException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** Reads a certificate and its key. */
final class Tls {
  private static final Pattern PKCS8 =
      Pattern.compile("-----BEGIN PRIVATE KEY-----(.*?)-----END PRIVATE KEY-----", Pattern.DOTALL);

  private Tls() {}

  /**
   * @throws ModelException (USAGE) if the files are not what they should be
   */
  static SslContextFactory.Server of(HttpSettings.TlsFiles files) {
    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setSniRequired(false);
    tls.setIncludeProtocols("TLSv1.3", "TLSv1.2");
    char[] password = files.password().toCharArray();
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      if (files.key().isPresent()) {
        store.load(null, null);
        store.setKeyEntry(
            "server", key(files.key().get()), password, certificates(files.certificates()));
      } else {
        try (InputStream in = Files.newInputStream(files.certificates())) {
          store.load(in, password);
        }
      }
      tls.setKeyStore(store);
      tls.setKeyStorePassword(files.password());
      tls.setKeyManagerPassword(files.password());
      return tls;
    } catch (IOException | GeneralSecurityException e) {
      throw refuse(files.certificates(), e);
    }
  }

  private static Certificate[] certificates(Path pem) throws IOException, GeneralSecurityException {
    try (InputStream in = new ByteArrayInputStream(Files.readAllBytes(pem))) {
      return CertificateFactory.getInstance("X.509")
          .generateCertificates(in)
          .toArray(new Certificate[0]);
    }
  }

  private static PrivateKey key(Path pem) throws IOException, GeneralSecurityException {
    Matcher block = PKCS8.matcher(Files.readString(pem, StandardCharsets.US_ASCII));
    if (!block.find()) {
      throw new InvalidKeySpecException(
          pem
              + " has no block PRIVATE KEY without a password"
              + " (openssl pkcs8 -topk8 -nocrypt makes one)");
    }
    byte[] der;
    try {
      der = Base64.getMimeDecoder().decode(block.group(1));
    } catch (IllegalArgumentException e) {
      throw new InvalidKeySpecException(pem + " is not base64: " + e.getMessage(), e);
    }
    for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
      } catch (InvalidKeySpecException e) {
        continue; // a key of another algorithm
      }
    }
    throw new InvalidKeySpecException(pem + " is no RSA, EC or EdDSA key");
  }

  private static ModelException refuse(Path file, Exception e) {
    return new ModelException(
        ModelException.Kind.USAGE,
        "cannot take the certificate %s: %s".formatted(file, e.getMessage()),
        e);
  }
}
