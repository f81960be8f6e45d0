package io.ait4j.web.http;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How the server listens and what it takes from callers.
 *
 * @param host name or address to bind to
 * @param port 0 for any free one
 * @param scratch a folder for what is being received
 * @param maxUploadBytes of one request
 * @param maxUploads that are received at a time
 * @param maxConnections that are open at a time
 * @param requestsPerSecond of one key, or of one address without a key; inference is not counted
 * @param minBytesPerSecond that a sender keeps up
 * @param minFreeBytes that uploads leave on the disk of {@code scratch}
 */
public record HttpSettings(
    String host,
    int port,
    Optional<TlsFiles> tls,
    Path scratch,
    long maxUploadBytes,
    int maxUploads,
    int maxConnections,
    int requestsPerSecond,
    Duration idleTimeout,
    long minBytesPerSecond,
    long minFreeBytes) {
  public HttpSettings {
    Objects.requireNonNull(host);
    Objects.requireNonNull(tls);
    Objects.requireNonNull(scratch);
    Objects.requireNonNull(idleTimeout);
  }

  /**
   * A certificate and its key.
   *
   * @param certificates a PEM file with the server's certificate first and those that signed it
   *     after, or a PKCS #12 file
   * @param key a PEM file with the PKCS #8 private key; empty for PKCS #12
   * @param password of the PKCS #12 file; empty if it has none
   */
  public record TlsFiles(Path certificates, Optional<Path> key, String password) {}
}
