package io.ait4j.web.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ait4j.web.infer.Datatype;
import io.ait4j.web.infer.InferenceSettings;
import io.ait4j.web.infer.ServedModels;
import io.ait4j.web.infer.TestModels;
import io.javalin.Javalin;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OipRoutesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final int WIDE_BYTES = 2 << 20;
  private static final SimpleMeterRegistry METERS = new SimpleMeterRegistry();
  private static ServedModels models;
  private static Javalin app;
  private static final Drain drain = new Drain();

  @TempDir private static Path folder;

  @BeforeAll
  static void serve() throws IOException {
    TestModels source =
        new TestModels(folder)
            .negative("negative", 16)
            .negative("wide", WIDE_BYTES / 16)
            .types("types", 2);
    InferenceSettings settings = InferenceSettings.of(folder.resolve("inference"), 1L << 40);
    models =
        new ServedModels(
            source,
            new InferenceSettings(
                settings.folder(),
                settings.memoryBytes(),
                settings.limits(),
                WIDE_BYTES,
                1,
                1,
                2,
                settings.maxBatch(),
                settings.batchDelay(),
                settings.timeout(),
                settings.loadTimeout()),
            METERS);
    app = Javalin.create(config -> config.showJavalinBanner = false);
    ExceptionHandlers.addTo(app);
    app.before(
        ctx -> ctx.attribute(Caller.ATTRIBUTE, new Caller("k-" + ctx.ip(), "tests", Set.of())));
    new OipRoutes(models, settings(), drain).addTo(app);
    new OipModelRoutes(models, drain).addTo(app);
    app.start(0);
  }

  private static HttpSettings settings() throws IOException {
    Path scratch = Files.createDirectories(folder.resolve("uploads"));
    return new HttpSettings(
        "localhost", 0, Optional.empty(), scratch, 1, 1, 100, 100, Duration.ofMinutes(1), 1, 1);
  }

  @AfterAll
  static void stop() {
    app.stop();
    models.close();
  }

  private static HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + app.port() + path));
  }

  private static HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static JsonNode get(String path, int status) throws Exception {
    HttpResponse<byte[]> response = send(to(path));
    assertThat(response.statusCode()).isEqualTo(status);
    return JSON.readTree(response.body());
  }

  private static JsonNode post(String path, String body, int status) throws Exception {
    HttpResponse<byte[]> response = send(to(path).POST(HttpRequest.BodyPublishers.ofString(body)));
    assertThat(response.statusCode()).as(new String(response.body())).isEqualTo(status);
    return JSON.readTree(response.body());
  }

  @Test
  void saysWhatThereIs() throws Exception {
    assertThat(get("/v2", 200).get("extensions").toString()).contains("binary_tensor_data");
    assertThat(get("/v2/health/ready", 200).get("ready").asBoolean()).isTrue();
    JsonNode model = get("/v2/models/negative", 200);
    assertThat(model.get("inputs").toString())
        .isEqualTo("[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[-1,4]}]");
    assertThat(model.at("/parameters/device").asText()).isEqualTo("cpu");
    assertThat(model.at("/parameters/max_batch_size").asInt()).isEqualTo(8);
    assertThat(get("/v2/models/negative/versions/1/ready", 200).get("ready").asBoolean()).isTrue();
    assertThat(get("/v2/models/absent", 404).get("error").asText()).contains("absent");
    assertThat(get("/v2/models/negative/versions/2", 404).get("error").asText())
        .contains("version 2");
    assertThat(post("/v2/repository/index", "{\"ready\": true}", 200).toString())
        .contains("{\"name\":\"negative\",\"version\":\"1\",\"state\":\"READY\",\"reason\":\"\"}");
    post("/v2/repository/models/negative/load", "{\"parameters\":{\"config\":\"{}\"}}", 400);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"inputs":[{"name":"x","shape":[1,4],"datatype":"FP32","data":[1,2.5,-3,0]}]}
          {"inputs":[{"name":"x","shape":[1,4],"datatype":"FP32","data":[[1,2.5,-3,0]]}]}
          {"inputs":[{"data":[[1,2.5,-3,0]],"datatype":"FP32","shape":[1,4],"name":"x"}],"outputs":[]}
          """)
  void takesDataNestedAndFlatAndEarly(String body) throws Exception {
    JsonNode answer = post("/v2/models/negative/infer", body, 200);
    assertThat(answer.get("model_name").asText()).isEqualTo("negative");
    assertThat(answer.at("/outputs/0").toString())
        .isEqualTo(
            "{\"name\":\"output0\",\"datatype\":\"FP32\",\"shape\":[1,4],"
                + "\"data\":[-1.0,-2.5,3.0,-0.0]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          {                                                                    | no JSON
          []                                                                   | not an object
          {"inputs":[]} x                                                      | no JSON
          {"inputs":[]}                                                        | input 'x' is missing
          {"inputs":[{"name":"x","shape":[1,4],"datatype":"FP32"}]}            | either "data"
          {"inputs":[{"name":"z","shape":[1,4],"datatype":"FP32","data":[]}]}  | no input 'z'
          {"inputs":[{"name":"x","shape":[1,4],"datatype":"FP64","data":[]}]}  | is FP32, not FP64
          {"inputs":[{"name":"x","shape":[1,5],"datatype":"FP32","data":[]}]}  | shape [1, 5]
          {"inputs":[{"name":"x","shape":[99,4],"datatype":"FP32","data":[]}]} | shape [99, 4]
          {"inputs":[{"name":"x","shape":[-1],"datatype":"FP32","data":[]}]}   | whole number
          {"inputs":[{"name":"x","shape":[1,4],"datatype":"FP32","data":[1]}]} | has 1 elements
          {"inputs":[{"name":"x","shape":[1,4],"datatype":"FP32","data":[1,2,3,4,5]}]} | more than the 4
          {"inputs":[{"name":"x","shape":[2,4],"datatype":"FP32","data":[[1,2,3,4,5],[6,7,8]]}]} | dimension 1
          {"inputs":[{"name":"x","shape":[1,4],"datatype":"FP32","data":[1,2,3,"a"]}]} | element 3
          {"inputs":[{"name":"x","shape":[1,4],"datatype":"FP32","data":[1,2,3,1e39]}]} | out of range
          {"inputs":[{"name":"x","shape":[1,4],"datatype":"FP32","data":[1,2,3,4],"what":1}]} | "what"
          {"inputs":[{"name":"x","shape":[1,4],"datatype":"FP32","parameters":{"binary_data_size":16}}]} | Inference-Header
          {"inputs":[{"name":"x","shape":[1,4],"datatype":"FP32","parameters":{"shared_memory_region":"a"}}]} | not supported
          {"inputs":[],"parameters":{"sequence_id":7}}                         | not supported
          {"inputs":[],"outputs":[{"name":"z"}]}                               | no output 'z'
          {"inputs":[],"what":1}                                               | "what"
          {"id":"a","id":"b"}                                                  | Duplicate
          """)
  void refusesWhatDoesNotFit(String body, String why) throws Exception {
    JsonNode problem = post("/v2/models/negative/infer", body, 400);
    assertThat(problem.get("error").asText()).contains(why);
    assertThat(problem.get("status").asInt()).isEqualTo(400);
  }

  @Test
  void takesAndGivesBinary() throws Exception {
    String json =
        """
        {"id":"7","inputs":[{"name":"x","shape":[2,4],"datatype":"FP32",
        "parameters":{"binary_data_size":32}}],
        "outputs":[{"name":"output0","parameters":{"binary_data":true}}]}\
        """;
    ByteBuffer floats = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 8; i++) {
      floats.putFloat(i);
    }
    HttpResponse<byte[]> response = sendBinary("negative", json, floats.array());
    assertThat(response.statusCode()).isEqualTo(200);
    int length =
        Integer.parseInt(response.headers().firstValue(OipRoutes.JSON_LENGTH).orElseThrow());
    JsonNode header = JSON.readTree(Arrays.copyOf(response.body(), length));
    assertThat(header.get("id").asText()).isEqualTo("7");
    assertThat(header.at("/outputs/0/parameters/binary_data_size").asInt()).isEqualTo(32);
    ByteBuffer outputs =
        ByteBuffer.wrap(response.body(), length, 32).slice().order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 8; i++) {
      assertThat(outputs.getFloat()).isEqualTo(-(float) i);
    }
    assertThat(sendBinary("negative", json, Arrays.copyOf(floats.array(), 31)).statusCode())
        .isEqualTo(400);
    assertThat(sendBinary("negative", json, Arrays.copyOf(floats.array(), 33)).statusCode())
        .isEqualTo(400);
  }

  @Test
  void takesAndGivesEveryType() throws Exception {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    StringBuilder inputs = new StringBuilder();
    for (Datatype type : Datatype.values()) {
      byte[] ones = new byte[4 * type.bytes()];
      Arrays.fill(ones, (byte) 1);
      data.writeBytes(ones);
      inputs.append(
          "{\"name\":\"%s\",\"datatype\":\"%s\",\"shape\":[2,2],\"parameters\":{\"binary_data_size\":%d}},"
              .formatted(type.name().toLowerCase(Locale.ROOT), type, ones.length));
    }
    String all = inputs.substring(0, inputs.length() - 1);
    HttpResponse<byte[]> response =
        sendBinary(
            "types",
            "{\"parameters\":{\"binary_data_output\":true},\"inputs\":[" + all + "]}",
            data.toByteArray());
    assertThat(response.statusCode()).isEqualTo(200);
    int at = Integer.parseInt(response.headers().firstValue(OipRoutes.JSON_LENGTH).orElseThrow());
    ByteBuffer outputs = ByteBuffer.wrap(response.body()).order(ByteOrder.LITTLE_ENDIAN);
    for (Datatype type : Datatype.values()) {
      for (int i = 0; i < 4; i++, at += type.bytes()) {
        switch (type) {
          case BOOL -> assertThat(outputs.get(at)).isZero();
          case UINT8, INT8 -> assertThat(outputs.get(at)).isEqualTo((byte) -1);
          case INT16 -> assertThat(outputs.getShort(at)).isEqualTo((short) -0x0101);
          case INT32 -> assertThat(outputs.getInt(at)).isEqualTo(-0x01010101);
          case INT64 -> assertThat(outputs.getLong(at)).isEqualTo(-0x0101010101010101L);
          case FP16, BF16 -> assertThat(outputs.getShort(at)).isEqualTo((short) 0x8101);
          case FP32 -> assertThat(outputs.getInt(at)).isEqualTo(0x81010101);
          case FP64 -> assertThat(outputs.getLong(at)).isEqualTo(0x8101010101010101L);
        }
      }
    }
    assertThat(at).isEqualTo(response.body().length);
    response = sendBinary("types", "{\"inputs\":[" + all + "]}", data.toByteArray());
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(JSON.readTree(response.body()).get("error").asText())
        .contains("'output6' is FP16, which has no form in JSON");
    String wanted =
        ",\"outputs\":[{\"name\":\"output0\"},{\"name\":\"output1\"},{\"name\":\"output5\"}]}";
    response = sendBinary("types", "{\"inputs\":[" + all + "]" + wanted, data.toByteArray());
    JsonNode json = JSON.readTree(response.body());
    assertThat(json.at("/outputs/0/data").toString()).isEqualTo("[false,false,false,false]");
    assertThat(json.at("/outputs/1/data").toString()).isEqualTo("[255,255,255,255]");
    assertThat(json.at("/outputs/2/data/0").asLong()).isEqualTo(-0x0101010101010101L);
    assertThat(json.get("outputs")).hasSize(3);
  }

  @Test
  void writesNumbersThatJsonHasNotAsStrings() throws Exception {
    String body =
        "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,4],\"datatype\":\"FP32\","
            + "\"data\":[\"NaN\",\"Infinity\",\"-Infinity\",1e-45]}]}";
    assertThat(post("/v2/models/negative/infer", body, 200).at("/outputs/0/data").toString())
        .isEqualTo("[\"NaN\",\"-Infinity\",\"Infinity\",-1.4E-45]");
  }

  @Test
  void whoSendsSlowlyHoldsNoneOfTheModelsMemory() throws Exception {
    String json =
        """
        {"inputs":[{"name":"x","shape":[%d,4],"datatype":"FP32",
        "parameters":{"binary_data_size":%d}}],"parameters":{"binary_data_output":true}}\
        """
            .formatted(WIDE_BYTES / 16, WIDE_BYTES);
    get("/v2/models/wide", 200); // loads it
    try (Socket slow = new Socket("localhost", app.port())) {
      String head =
          "POST /v2/models/wide/infer HTTP/1.1\r\nHost: localhost\r\n%s: %d\r\nContent-Length: %d\r\n\r\n"
              .formatted(OipRoutes.JSON_LENGTH, json.length(), json.length() + WIDE_BYTES);
      slow.getOutputStream().write((head + json).getBytes(StandardCharsets.US_ASCII));
      slow.getOutputStream().write(new byte[WIDE_BYTES - 1]);
      HttpResponse<byte[]> response = sendBinary("wide", json, new byte[WIDE_BYTES]);
      assertThat(response.statusCode()).as(new String(response.body())).isEqualTo(200);
      assertThat(response.body()).hasSizeGreaterThan(WIDE_BYTES);
    }
    try (var left = Files.list(folder.resolve("uploads"))) {
      assertThat(left).as("bodies that nobody will read").hasSizeLessThanOrEqualTo(1);
    }
  }

  @Test
  @Timeout(120)
  void whoHangsUpIsNotWaitedFor() throws Exception {
    String body =
        "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[1,2,3,4]}]}";
    post("/v2/models/negative/infer", body, 200);
    List<Socket> vanishing = new ArrayList<>();
    TestModels.signalWorkers("STOP");
    try (Socket staying = new Socket("localhost", app.port())) {
      staying.getOutputStream().write(request(body, "keep-alive"));
      Thread.sleep(500); // a start that nobody catches up with
      fill(vanishing, body);
      staying.getOutputStream().write(request(body, "close")); // ahead of the first one's answer
      for (Socket socket : vanishing) {
        socket.close();
      }
      while (pending() > 0) {
        Thread.sleep(5);
      }
      TestModels.signalWorkers("CONT");
      assertThat(new String(staying.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .containsPattern("(?s)^HTTP/1.1 200 .*-4.0\\].*HTTP/1.1 200 .*-4.0\\]");
    } finally {
      TestModels.signalWorkers("CONT");
    }
    assertThat(
            METERS.get("ait4j.inference.failures").tags("reason", "gone").counters().stream()
                .mapToDouble(Counter::count)
                .sum())
        .isPositive();
  }

  /** Sends requests until as many wait as may, behind those that run. */
  private static void fill(List<Socket> sockets, String body) throws Exception {
    while (pending() < 2) {
      Socket socket = new Socket("localhost", app.port());
      sockets.add(socket);
      socket.getOutputStream().write(request(body, "keep-alive"));
      Thread.sleep(20);
    }
  }

  private static byte[] request(String body, String connection) {
    return "POST /v2/models/negative/infer HTTP/1.1\r\nHost: localhost\r\nConnection: %s\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(connection, body.length(), body)
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static double pending() {
    return METERS.get("ait4j.inference.pending").tag("model", "negative").gauge().value();
  }

  private static HttpResponse<byte[]> sendBinary(String model, String json, byte[] data)
      throws Exception {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(json.getBytes(StandardCharsets.UTF_8));
    body.writeBytes(data);
    return send(
        to("/v2/models/" + model + "/infer")
            .header(OipRoutes.JSON_LENGTH, "" + json.getBytes(StandardCharsets.UTF_8).length)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray())));
  }
}
