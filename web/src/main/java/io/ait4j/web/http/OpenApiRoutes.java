package io.ait4j.web.http;

import io.javalin.Javalin;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** Describes the API. */
final class OpenApiRoutes implements Routes {
  private static final String RESOURCE = "openapi.yaml";

  @Override
  public void addTo(Javalin app) {
    byte[] description = read();
    app.get(
        "/openapi.yaml", ctx -> ctx.contentType("application/yaml").result(description.clone()));
  }

  private static byte[] read() {
    try (InputStream in = OpenApiRoutes.class.getResourceAsStream(RESOURCE)) {
      return Objects.requireNonNull(in, RESOURCE).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
