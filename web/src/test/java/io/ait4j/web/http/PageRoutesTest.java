package io.ait4j.web.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.web.AitServer;
import io.ait4j.web.cli.ServeOptions;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page's files, over HTTP. */
class PageRoutesTest {
  private static final Pattern REFERENCE =
      Pattern.compile("(?:href=\"|src=\"|from '\\.|url\\()(?<to>/[^'\")]*)");

  @TempDir private static Path folder;
  private static AitServer server;
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @BeforeAll
  static void start() {
    server =
        AitServer.start(ServeOptions.parse(Map.of(), "--port", "0", "--data", folder.toString()));
  }

  @AfterAll
  static void stop() {
    CLIENT.close();
    server.close();
  }

  private static HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(server.uri().resolve(path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  @Test
  void allThatThePageRefersToIsThereAndOnThisServer() throws Exception {
    Deque<String> open = new ArrayDeque<>(Set.of("/"));
    Set<String> seen = new LinkedHashSet<>();
    while (!open.isEmpty()) {
      String path = open.pop();
      if (!seen.add(path)) {
        continue;
      }
      HttpResponse<String> file = get(path);
      assertThat(file.statusCode()).as(path).isEqualTo(200);
      if (path.equals("/openapi.yaml")) {
        continue;
      }
      assertThat(file.body()).as(path).doesNotContain("https://", "innerHTML", "style=\"");
      Matcher matcher = REFERENCE.matcher(file.body());
      while (matcher.find()) {
        String to = matcher.group("to");
        open.add(to.startsWith("/page/") || !path.endsWith(".js") ? to : "/page" + to);
      }
    }
    assertThat(seen).contains("/page/app.js", "/page/graph-layout.js", "/page/base.css");
  }

  @Test
  void browsersKeepFilesUntilTheyChange() throws Exception {
    HttpResponse<String> first = get("/page/app.js");
    String tag = first.headers().firstValue("ETag").orElseThrow();
    assertThat(first.headers().firstValue("Cache-Control")).contains("no-cache");
    assertThat(first.headers().firstValue("Content-Type"))
        .contains("text/javascript; charset=utf-8");
    assertThat(get("/page/app.js", "If-None-Match", tag).statusCode()).isEqualTo(304);
    assertThat(get("/page/base.css", "If-None-Match", tag).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/page/none.js",
        "/page/index.html",
        "/page/..%2Fdatabase%2FV1__tables.sql",
        "/page/%2e%2e%2fpage%2fapp.js",
        "/page/app.js%00.svg",
        "/page/"
      })
  void nothingElseIsGivenAway(String path) throws Exception {
    HttpResponse<String> none = get(path);
    assertThat(none.statusCode()).isBetween(400, 404);
    assertThat(none.body()).contains("\"status\"");
  }
}
