package io.ait4j.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.Request;
import com.atlassian.oai.validator.model.SimpleResponse;
import com.atlassian.oai.validator.report.ValidationReport;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ait4j.web.access.Keys;
import io.ait4j.web.access.Scope;
import io.ait4j.web.cli.ServeOptions;
import io.ait4j.web.convert.Converter;
import io.ait4j.web.database.Database;
import io.ait4j.web.database.DatabaseSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A server whose conversions are a test's own, and a client that holds every response against the
 * OpenAPI description.
 */
final class ApiServer implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final AitServer server;
  private final OpenApiInteractionValidator description;

  private ApiServer(AitServer server) throws IOException, InterruptedException {
    this.server = server;
    String yaml =
        client
            .send(
                HttpRequest.newBuilder(server.uri().resolve("/openapi.yaml")).build(),
                BodyHandlers.ofString())
            .body();
    this.description = OpenApiInteractionValidator.createForInlineApiSpecification(yaml).build();
  }

  static ApiServer start(Path data, Converter converter, String... flags)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("--data", data.toString()));
    all.addAll(List.of(flags));
    if (!all.contains("--port")) {
      all.addAll(List.of("--port", "0"));
    }
    return new ApiServer(
        AitServer.start(ServeOptions.parse(Map.of(), all.toArray(String[]::new)), converter));
  }

  /** Makes a key for a server that will have its database in {@code data}. */
  static String key(Path data, String name, Scope... scopes) {
    try (Database database = Database.open(DatabaseSettings.embedded(data))) {
      return new Keys(database).create(name, Set.of(scopes)).secret();
    }
  }

  AitServer server() {
    return server;
  }

  URI uri(String path) {
    return server.uri().resolve(path);
  }

  /** A request with a key, if it is not null. */
  HttpRequest.Builder request(String key, String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
    return key == null ? request : request.header("Authorization", "Bearer " + key);
  }

  HttpResponse<byte[]> send(HttpRequest.Builder builder) throws IOException, InterruptedException {
    HttpRequest request = builder.build();
    HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
    if (!request.method().equals("HEAD")) {
      ValidationReport report =
          description.validateResponse(
              request.uri().getPath(),
              Request.Method.valueOf(request.method().toUpperCase(Locale.ROOT)),
              described(response));
      assertThat(report.getMessages()).as(request + " " + text(response)).isEmpty();
    }
    return response;
  }

  private static SimpleResponse described(HttpResponse<byte[]> response) {
    SimpleResponse.Builder described = new SimpleResponse.Builder(response.statusCode());
    response.headers().map().forEach(described::withHeader);
    if (response.body().length > 0) {
      described.withBody(text(response));
    }
    return described.build();
  }

  HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
    return send(request(null, path));
  }

  HttpResponse<byte[]> convert(String key, MultipartBody form)
      throws IOException, InterruptedException {
    return send(conversion(key, form));
  }

  HttpRequest.Builder conversion(String key, MultipartBody form) {
    return request(key, "/v1/conversions")
        .header("Content-Type", form.contentType())
        .POST(BodyPublishers.ofByteArrays(form.parts()));
  }

  /** The job that a response speaks of, once nothing more happens to it. */
  JsonNode finished(String key, HttpResponse<byte[]> response)
      throws IOException, InterruptedException {
    assertThat(response.statusCode()).as(text(response)).isEqualTo(202);
    String path = "/v1/conversions/" + json(response).get("id").asText();
    send(request(key, path + "/events"));
    return json(send(request(key, path)));
  }

  static JsonNode json(HttpResponse<byte[]> response) throws IOException {
    return JSON.readTree(response.body());
  }

  static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  static void assertProblem(HttpResponse<byte[]> response, int status, String slug)
      throws IOException {
    assertThat(response.statusCode()).as(text(response)).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    JsonNode problem = json(response);
    assertThat(problem.get("status").asInt()).isEqualTo(status);
    assertThat(problem.get("type").asText()).isEqualTo("/problems/" + slug);
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }
}
