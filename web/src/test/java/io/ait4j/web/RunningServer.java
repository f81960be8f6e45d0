package io.ait4j.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ait4j.web.access.Keys;
import io.ait4j.web.access.Scope;
import io.ait4j.web.cli.ServeOptions;
import io.ait4j.web.convert.CompiledBefore;
import io.ait4j.web.database.Database;
import io.ait4j.web.database.DatabaseSettings;
import io.ait4j.web.database.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A whole server on a free port of this machine, with a key that may do all, and its client. */
final class RunningServer implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();
  static final Path MODELS = Path.of("../examples/models");

  private final HttpClient client = HttpClient.newHttpClient();
  private final Path data;
  private final AitServer server;
  private final Keys.Created key;

  private RunningServer(Path data, AitServer server, Keys.Created key) {
    this.data = data;
    this.server = server;
    this.key = key;
  }

  static RunningServer start(Path data, TestDatabase database, String... flags) {
    DatabaseSettings settings = database.fresh(data);
    Keys.Created key;
    try (Database opened = Database.open(settings)) {
      key = new Keys(opened).create("tests", Set.of(Scope.ADMIN));
    }
    List<String> all =
        new ArrayList<>(List.of("--port", "0", "--data", data.toString(), "--drain", "0s"));
    if (database == TestDatabase.POSTGRESQL) {
      all.addAll(List.of("--database", settings.url(), "--database-user", settings.user()));
    }
    all.addAll(List.of(flags));
    return new RunningServer(
        data, AitServer.start(ServeOptions.parse(Map.of(), all.toArray(String[]::new))), key);
  }

  /** Its folder. */
  Path data() {
    return data;
  }

  String key() {
    return key.secret();
  }

  /** Has it find what was compiled before. */
  RunningServer warm() throws IOException {
    CompiledBefore.giveTo(key.key().id(), data);
    return this;
  }

  URI uri(String path) {
    return server.uri().resolve(path);
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer " + key());
  }

  HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
    return send(request(path));
  }

  JsonNode json(String path) throws IOException, InterruptedException {
    return JSON.readTree(get(path).body());
  }

  HttpResponse<byte[]> post(String path, String contentType, BodyPublisher body)
      throws IOException, InterruptedException {
    return send(request(path).header("Content-Type", contentType).POST(body));
  }

  HttpResponse<byte[]> convert(Path model, String settings)
      throws IOException, InterruptedException {
    return convert(new MultipartBody().file("model", model).text("settings", settings));
  }

  HttpResponse<byte[]> convert(MultipartBody form) throws IOException, InterruptedException {
    return post("/v1/conversions", form.contentType(), BodyPublishers.ofByteArrays(form.parts()));
  }

  /** The job once nothing more happens to it, as its events tell. */
  JsonNode finished(String id) throws IOException, InterruptedException {
    HttpResponse<byte[]> events = get("/v1/conversions/" + id + "/events");
    if (events.statusCode() != 200) {
      throw new IOException(events.statusCode() + ": " + text(events));
    }
    return json("/v1/conversions/" + id);
  }

  static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  /** Sends bytes as they are and gives all that comes back until the server hangs up. */
  String raw(String request) throws IOException {
    try (Socket socket = new Socket(server.uri().getHost(), server.uri().getPort())) {
      socket.setSoTimeout(20_000);
      OutputStream out = socket.getOutputStream();
      out.write(request.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  @Override
  public void close() throws IOException {
    client.close();
    server.close();
    CompiledBefore.takeFrom(key.key().id(), data);
  }
}
