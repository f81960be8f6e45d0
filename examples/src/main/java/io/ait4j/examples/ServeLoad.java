package io.ait4j.examples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Many at once: conversions that all differ, while clients use a model that is converted already.
 *
 * <p>{@code ServeLoad http://HOST:PORT SERVER_PID MODEL.pt SHAPE [CONVERSIONS [CLIENTS]]}: the
 * model is a TorchScript one of a single float32 input, SHAPE that input's without its first size,
 * as {@code 3,32,32}. Tells how each request ended, and the memory that the server and its workers
 * had to themselves. A client that gets 429 waits for as long as it is told to; any other status
 * but 200 is an error, and the exit code is 1.
 */
public final class ServeLoad {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI server;
  private final String key = System.getenv().getOrDefault("AIT4J_KEY", "");
  private final Path model;
  private final String shape;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<String, AtomicLong> outcomes = new ConcurrentHashMap<>();
  private final Queue<Double> millis = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean over = new AtomicBoolean();

  private ServeLoad(URI server, Path model, String shape) {
    this.server = server;
    this.model = model;
    this.shape = shape;
  }

  public static void main(String[] args) throws Exception {
    if (args.length < 4 || args.length > 6) {
      System.err.println(
          "usage: ServeLoad http://HOST:PORT SERVER_PID MODEL.pt SHAPE [CONVERSIONS [CLIENTS]]");
      System.exit(2);
    }
    ServeLoad load = new ServeLoad(URI.create(args[0]), Path.of(args[2]), args[3]);
    int conversions = args.length > 4 ? Integer.parseInt(args[4]) : 50;
    int clients = args.length > 5 ? Integer.parseInt(args[5]) : 200;
    System.exit(load.run(Long.parseLong(args[1]), conversions, clients) ? 0 : 1);
  }

  private boolean run(long pid, int conversions, int clients) throws Exception {
    convert("load", 1);
    long begin = System.nanoTime();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Long> memory = threads.submit(() -> mostMemory(pid));
      List<Future<?>> users = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        users.add(threads.submit(this::use));
      }
      List<Future<?>> jobs = new ArrayList<>();
      for (int i = 0; i < conversions; i++) {
        int batch = i + 2;
        jobs.add(threads.submit(() -> count("conversion", () -> convert("load" + batch, batch))));
      }
      for (Future<?> job : jobs) {
        job.get();
      }
      over.set(true);
      for (Future<?> user : users) {
        user.get();
      }
      System.out.printf("%.0f s%n", (System.nanoTime() - begin) / 1e9);
      outcomes.forEach((outcome, times) -> System.out.println(outcome + ": " + times));
      double[] sorted = millis.stream().mapToDouble(x -> x).sorted().toArray();
      if (sorted.length > 0) {
        System.out.printf(
            "inference: median %.1f ms, p99 %.1f ms, longest %.1f ms%n",
            sorted[sorted.length / 2],
            sorted[(int) (sorted.length * 0.99)],
            sorted[sorted.length - 1]);
      }
      System.out.printf("most memory: %d MB%n", memory.get() >> 20);
    }
    return outcomes.keySet().stream().allMatch(o -> o.endsWith(" 200") || o.endsWith(" 429"));
  }

  /** Something that ends with a status. */
  private interface Request {
    int send() throws IOException, InterruptedException;
  }

  private int count(String what, Request request) throws InterruptedException {
    String outcome;
    int status = 0;
    try {
      status = request.send();
      outcome = what + " " + status;
    } catch (IOException e) {
      outcome = what + " failed: " + e.getMessage();
    }
    outcomes.computeIfAbsent(outcome, o -> new AtomicLong()).incrementAndGet();
    return status;
  }

  private int convert(String name, int batch) throws IOException, InterruptedException {
    try (ConversionClient client = new ConversionClient(server, key)) {
      String id =
          client.convert(
              Map.of("model", model),
              Map.of("name", name, "inputs", List.of("float32[%d,%s]".formatted(batch, shape))));
      JsonNode job = client.follow(id, event -> {});
      return job.get("state").asText().equals("succeeded") ? 200 : 500;
    }
  }

  /** A client that has another request as soon as one is answered. */
  private Void use() throws InterruptedException {
    HttpRequest request = inference();
    while (!over.get()) {
      count(
          "inference",
          () -> {
            long start = System.nanoTime();
            var response = http.send(request, BodyHandlers.ofByteArray());
            if (response.statusCode() == 429) {
              long wait = response.headers().firstValueAsLong("Retry-After").orElse(1);
              TimeUnit.MILLISECONDS.sleep(wait * 1000 + ThreadLocalRandom.current().nextInt(500));
            } else {
              millis.add((System.nanoTime() - start) / 1e6);
            }
            return response.statusCode();
          });
    }
    return null;
  }

  private HttpRequest inference() {
    long[] sizes = Arrays.stream(shape.split(",")).mapToLong(Long::parseLong).toArray();
    long elements = Arrays.stream(sizes).reduce(1, Math::multiplyExact);
    var json = JSON.createObjectNode();
    json.putObject("parameters").put("binary_data_output", true);
    var input =
        json.putArray("inputs").addObject().put("name", inputName()).put("datatype", "FP32");
    var described = input.putArray("shape").add(1);
    Arrays.stream(sizes).forEach(described::add);
    input.putObject("parameters").put("binary_data_size", elements * Float.BYTES);
    byte[] head = json.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
    byte[] body = Arrays.copyOf(head, Math.toIntExact(head.length + elements * Float.BYTES));
    return authorized("/v2/models/load/infer")
        .header("Content-Type", "application/octet-stream")
        .header("Inference-Header-Content-Length", Integer.toString(head.length))
        .POST(BodyPublishers.ofByteArray(body))
        .build();
  }

  private String inputName() {
    try (ConversionClient client = new ConversionClient(server, key)) {
      return client.metadata("load").at("/inputs/0/name").asText();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private HttpRequest.Builder authorized(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path));
    return key.isEmpty() ? request : request.header("Authorization", "Bearer " + key);
  }

  /**
   * The most bytes that the server and what it started had to themselves, looked at each second.
   */
  private long mostMemory(long pid) throws InterruptedException {
    long most = 0;
    ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
    while (!over.get()) {
      long now = anonymous(pid);
      now += process.descendants().mapToLong(child -> anonymous(child.pid())).sum();
      most = Math.max(most, now);
      TimeUnit.SECONDS.sleep(1);
    }
    return most;
  }

  private static long anonymous(long pid) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
        if (line.startsWith("RssAnon:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) << 10;
        }
      }
    } catch (IOException e) {
      // it has ended meanwhile
    }
    return 0;
  }
}
