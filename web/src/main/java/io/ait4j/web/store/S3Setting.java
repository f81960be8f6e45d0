package io.ait4j.web.store;

import io.ait4j.fx.ModelException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/**
 * {@code s3://bucket/prefix?endpoint=https://host&region=name}.
 *
 * @param prefix empty, or ends with a slash
 * @param endpoint of another store than Amazon's
 * @param region empty: as the AWS SDK finds it, or for another endpoint any
 */
record S3Setting(String bucket, String prefix, Optional<URI> endpoint, Optional<String> region) {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration SILENCE = Duration.ofSeconds(60);

  /**
   * @throws ModelException (USAGE) if it cannot be read
   */
  static S3Setting parse(URI uri) {
    String bucket = uri.getAuthority();
    if (bucket == null || bucket.isEmpty()) {
      throw wrong(uri, "it names no bucket");
    }
    String path = uri.getPath().replaceAll("^/+|/+$", "");
    Optional<URI> endpoint = Optional.empty();
    Optional<String> region = Optional.empty();
    String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
    for (String pair : query.isEmpty() ? new String[0] : query.split("&")) {
      String name = pair.replaceAll("=.*", "");
      String value =
          URLDecoder.decode(pair.substring(pair.indexOf('=') + 1), StandardCharsets.UTF_8);
      switch (name) {
        case "endpoint" -> endpoint = Optional.of(endpoint(uri, value));
        case "region" -> region = Optional.of(value);
        default -> throw wrong(uri, "it has a parameter besides endpoint and region");
      }
    }
    return new S3Setting(bucket, path.isEmpty() ? "" : path + "/", endpoint, region);
  }

  private static URI endpoint(URI setting, String text) {
    try {
      URI endpoint = new URI(text);
      if (endpoint.getHost() != null && String.valueOf(endpoint.getScheme()).matches("https?")) {
        return endpoint;
      }
    } catch (URISyntaxException e) {
      // Said below.
    }
    throw wrong(setting, "its endpoint is no http or https URL");
  }

  private static ModelException wrong(URI uri, String why) {
    return new ModelException(
        ModelException.Kind.USAGE,
        "cannot use %s as a store: %s; give s3://bucket/prefix?endpoint=https://host&region=name"
            .formatted(uri, why));
  }

  S3Client client() {
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClientBuilder(
                UrlConnectionHttpClient.builder().connectionTimeout(CONNECT).socketTimeout(SILENCE))
            // Not every compatible store knows the newer checksums.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
    region
        .or(() -> endpoint.map(none -> Region.US_EAST_1.id()))
        .ifPresent(name -> builder.region(Region.of(name)));
    endpoint.ifPresent(other -> builder.endpointOverride(other).forcePathStyle(true));
    return builder.build();
  }
}
