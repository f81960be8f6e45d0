package io.ait4j.examples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * The conversion service from Java, by the JDK's own HTTP client and Jackson: {@code
 * ConversionClient http://HOST:PORT MODEL OUT.aitm} converts, follows, downloads, and tries the
 * model on zeros. A key comes from the environment, {@code AIT4J_KEY}.
 *
 * <p>What the service refuses is an {@link IOException} with the problem's own words.
 */
public final class ConversionClient implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Converts a model on a server, and tries what comes of it. */
  public static void main(String[] args) throws InterruptedException {
    if (args.length != 3) {
      System.err.println("usage: ConversionClient http://HOST:PORT MODEL OUT.aitm");
      System.exit(2);
    }
    String key = System.getenv().getOrDefault("AIT4J_KEY", "");
    try (ConversionClient client = new ConversionClient(URI.create(args[0]), key)) {
      client.demonstrate(Path.of(args[1]), Path.of(args[2]), System.out);
    } catch (IOException e) {
      System.err.println("ConversionClient: " + e.getMessage());
      System.exit(1);
    }
  }

  void demonstrate(Path model, Path out, PrintStream to) throws IOException, InterruptedException {
    String id = convert(Map.of("model", model), Map.of());
    JsonNode job =
        follow(
            id, event -> to.println(event.at("/percent") + " % " + event.at("/message").asText()));
    download(job, out);
    to.println(out + ": " + Files.size(out) + " bytes");
    List<Tensor> inputs = new ArrayList<>();
    for (JsonNode input : metadata(job.get("name").asText()).get("inputs")) {
      inputs.add(zeros(input));
    }
    for (Tensor output : infer(job.get("name").asText(), inputs)) {
      to.println(output.name() + " " + output.datatype() + output.shape());
    }
  }

  private static Tensor zeros(JsonNode input) {
    String datatype = input.get("datatype").asText();
    int bytes =
        switch (datatype) {
          case "BOOL", "INT8", "UINT8" -> 1;
          case "FP16", "BF16", "INT16", "UINT16" -> 2;
          case "FP32", "INT32", "UINT32" -> 4;
          default -> 8;
        };
    List<Long> shape = new ArrayList<>();
    for (JsonNode size : input.get("shape")) {
      shape.add(Math.max(1, size.asLong())); // -1: any
    }
    long elements = shape.stream().reduce(1L, Math::multiplyExact);
    byte[] data = new byte[Math.toIntExact(elements * bytes)];
    return new Tensor(input.get("name").asText(), datatype, shape, data);
  }

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI server;
  private final String key;

  /**
   * @param key empty for a server that is open
   */
  public ConversionClient(URI server, String key) {
    this.server = server;
    this.key = key;
  }

  /**
   * A tensor as it travels.
   *
   * @param datatype as the Open Inference Protocol calls it, {@code FP32}
   * @param data little-endian, row-major
   */
  public record Tensor(String name, String datatype, List<Long> shape, byte[] data) {}

  /**
   * Asks for a conversion; files are streamed, however large.
   *
   * @param files by the part's name: {@code model}, and perhaps {@code weights} or {@code samples}
   * @param settings as the API's {@code settings}
   * @return the conversion's id
   */
  public String convert(Map<String, Path> files, Map<String, ?> settings)
      throws IOException, InterruptedException {
    String boundary = UUID.randomUUID().toString();
    List<BodyPublisher> body = new ArrayList<>();
    body.add(text(part(boundary, "settings", "") + JSON.writeValueAsString(settings)));
    for (Map.Entry<String, Path> file : files.entrySet()) {
      body.add(text(part(boundary, file.getKey(), file.getValue().getFileName().toString())));
      body.add(BodyPublishers.ofFile(file.getValue()));
    }
    body.add(text("\r\n--" + boundary + "--\r\n"));
    HttpRequest.Builder request =
        request("/v1/conversions")
            .header("Content-Type", "multipart/form-data; boundary=" + boundary)
            .POST(BodyPublishers.concat(body.toArray(BodyPublisher[]::new)));
    return json(request).get("id").asText();
  }

  private static BodyPublisher text(String text) {
    return BodyPublishers.ofString(text);
  }

  private static String part(String boundary, String name, String file) {
    String named = file.isEmpty() ? "" : "; filename=\"" + file.replace('"', '\'') + "\"";
    return "\r\n--%s\r\nContent-Disposition: form-data; name=\"%s\"%s\r\n\r\n"
        .formatted(boundary, name, named);
  }

  /** How a conversion stands: the API's JSON. */
  public JsonNode find(String id) throws IOException, InterruptedException {
    return json(request("/v1/conversions/" + id));
  }

  /**
   * Hears of a conversion until it ends; a stream that breaks is taken up where it was.
   *
   * @param listener takes events, the API's JSON
   * @return how it stands then
   * @throws IOException if the server is gone, or the conversion ends without a result
   */
  public JsonNode follow(String id, Consumer<JsonNode> listener)
      throws IOException, InterruptedException {
    String last = listen(id, "", listener);
    JsonNode job = find(id);
    while (Set.of("queued", "running").contains(job.get("state").asText())) {
      Thread.sleep(1000); // a server that drains ends streams at once
      last = listen(id, last, listener);
      job = find(id);
    }
    if (!job.get("state").asText().equals("succeeded")) {
      throw new IOException(
          "the conversion %s: %s"
              .formatted(job.get("state").asText(), job.at("/failure/detail").asText()));
    }
    return job;
  }

  /** Hears events after number {@code last}; returns the number of the last one that came. */
  private String listen(String id, String last, Consumer<JsonNode> listener)
      throws IOException, InterruptedException {
    HttpRequest.Builder events = request("/v1/conversions/" + id + "/events");
    if (!last.isEmpty()) {
      events.header("Last-Event-ID", last);
    }
    String number = last;
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(send(events).body(), StandardCharsets.UTF_8))) {
      for (String line = next(lines); line != null; line = next(lines)) {
        if (line.startsWith("id:")) {
          number = line.substring("id:".length()).strip();
        } else if (line.startsWith("data:")) {
          listener.accept(JSON.readTree(line.substring("data:".length())));
        }
      }
    }
    return number;
  }

  /** The next line; null at the end, wherever that is. */
  private static String next(BufferedReader lines) {
    try {
      return lines.readLine();
    } catch (IOException e) {
      return null; // cut off
    }
  }

  /** Fetches a conversion's {@code .aitm} file and checks that it came whole. */
  public void download(JsonNode job, Path file) throws IOException, InterruptedException {
    MessageDigest digest = sha256();
    String artifact = "/v1/conversions/" + job.get("id").asText() + "/artifact";
    try (InputStream body = new DigestInputStream(send(request(artifact)).body(), digest)) {
      Files.copy(body, file, StandardCopyOption.REPLACE_EXISTING);
    }
    String expected = job.at("/artifact/sha256").asText();
    String came = HexFormat.of().formatHex(digest.digest());
    if (!came.equals(expected)) {
      throw new IOException("%s has SHA-256 %s, not %s".formatted(file, came, expected));
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  /** A served model's inputs and outputs: the protocol's metadata. */
  public JsonNode metadata(String model) throws IOException, InterruptedException {
    return json(request(path(model)));
  }

  /** Runs a served model, tensors in binary. */
  public List<Tensor> infer(String model, List<Tensor> inputs)
      throws IOException, InterruptedException {
    ObjectNode ask = JSON.createObjectNode();
    ArrayNode described = ask.putArray("inputs");
    for (Tensor input : inputs) {
      ObjectNode node = described.addObject();
      node.put("name", input.name()).put("datatype", input.datatype());
      input.shape().forEach(node.withArrayProperty("shape")::add);
      node.putObject("parameters").put("binary_data_size", input.data().length);
    }
    ask.putObject("parameters").put("binary_data_output", true);
    byte[] head = JSON.writeValueAsBytes(ask);
    List<BodyPublisher> body = new ArrayList<>(List.of(BodyPublishers.ofByteArray(head)));
    inputs.forEach(input -> body.add(BodyPublishers.ofByteArray(input.data())));
    HttpResponse<InputStream> response =
        send(
            request(path(model) + "/infer")
                .header("Content-Type", "application/octet-stream")
                .header("Inference-Header-Content-Length", Integer.toString(head.length))
                .POST(BodyPublishers.concat(body.toArray(BodyPublisher[]::new))));
    byte[] whole;
    try (InputStream in = response.body()) {
      whole = in.readAllBytes();
    }
    int length =
        Math.toIntExact(
            response
                .headers()
                .firstValueAsLong("Inference-Header-Content-Length")
                .orElse(whole.length));
    ByteBuffer answer = ByteBuffer.wrap(whole);
    byte[] json = new byte[length];
    answer.get(json);
    List<Tensor> outputs = new ArrayList<>();
    for (JsonNode output : JSON.readTree(json).get("outputs")) {
      List<Long> shape = new ArrayList<>();
      output.get("shape").forEach(size -> shape.add(size.asLong()));
      byte[] data = new byte[output.at("/parameters/binary_data_size").asInt()];
      answer.get(data);
      outputs.add(
          new Tensor(output.get("name").asText(), output.get("datatype").asText(), shape, data));
    }
    return outputs;
  }

  private static String path(String model) {
    return "/v2/models/" + URLEncoder.encode(model, StandardCharsets.UTF_8);
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path));
    return key.isEmpty() ? request : request.header("Authorization", "Bearer " + key);
  }

  private HttpResponse<InputStream> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    HttpResponse<InputStream> response = http.send(request.build(), BodyHandlers.ofInputStream());
    if (response.statusCode() / 100 == 2) {
      return response;
    }
    try (InputStream body = response.body()) {
      String problem = new String(body.readAllBytes(), StandardCharsets.UTF_8);
      throw new IOException(response.statusCode() + " " + request.build().uri() + ": " + problem);
    }
  }

  private JsonNode json(HttpRequest.Builder request) throws IOException, InterruptedException {
    try (InputStream body = send(request).body()) {
      return JSON.readTree(body);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
