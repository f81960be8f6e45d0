package io.ait4j.examples;

import com.sun.management.OperatingSystemMXBean;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.lower.LoweredModule;
import io.ait4j.lower.verify.SampleFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How many requests a second a server answers, beside how many runs a second the same module makes
 * in this process: in turns, on the same machine, with the same number of callers.
 *
 * <p>{@code ServeThroughput URL NAME MODEL.aitm IO.safetensors [SECONDS [CLIENTS [ROUNDS]]]}, the
 * server being one of {@code ait4j serve --model NAME=MODEL.aitm}. Tensors go in binary, and each
 * answer must be to the bit that of the module. The first twenty seconds are not counted: the
 * virtual machines of the server, of its worker and of the clients warm up. The clients run on the
 * server's processors, and what they take there themselves is told apart.
 */
public final class ServeThroughput {
  private static final String JSON_LENGTH = "Inference-Header-Content-Length";

  /** The server loads the model, and three virtual machines compile what is called often. */
  private static final double WARM_UP_SECONDS = 20;

  private static final OperatingSystemMXBean MACHINE =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final HttpRequest request;
  private final byte[] expected;

  private ServeThroughput(HttpRequest request, byte[] expected) {
    this.request = request;
    this.expected = expected;
  }

  public static void main(String[] args) throws Exception {
    if (args.length < 4 || args.length > 7) {
      System.err.println(
          "usage: ServeThroughput URL NAME MODEL.aitm IO.safetensors [SECONDS [CLIENTS [ROUNDS]]]");
      System.exit(2);
    }
    try {
      double seconds = args.length > 4 ? Double.parseDouble(args[4]) : 5;
      int clients = args.length > 5 ? Integer.parseInt(args[5]) : 8;
      int rounds = args.length > 6 ? Integer.parseInt(args[6]) : 5;
      URI infer = URI.create(args[0]).resolve("/v2/models/" + args[1] + "/infer");
      run(infer, Path.of(args[2]), Path.of(args[3]), seconds, clients, rounds, System.out);
    } catch (ModelException e) {
      System.err.println("ServeThroughput: " + e.getMessage());
      System.exit(1);
    }
  }

  static void run(
      URI infer, Path aitm, Path samples, double seconds, int clients, int rounds, PrintStream out)
      throws Exception {
    try (SampleFile sample = SampleFile.open(samples);
        LoweredModule module = LoweredModule.load(aitm);
        Arena arena = Arena.ofShared()) {
      List<NativeTensor> inputs = sample.inputs();
      ServeThroughput remote =
          new ServeThroughput(
              request(infer, module.inputs(), inputs), bytes(module.run(inputs, arena)));
      rate(() -> remote.answer(), clients, WARM_UP_SECONDS);
      List<Double> shares = new ArrayList<>();
      for (int round = 1; round <= rounds; round++) {
        final double local = rate(() -> runOnce(module, inputs), clients, seconds);
        long cpu = MACHINE.getProcessCpuTime();
        long start = System.nanoTime();
        final double served = rate(() -> remote.answer(), clients, seconds);
        double ofClients =
            (MACHINE.getProcessCpuTime() - cpu)
                / ((double) (System.nanoTime() - start) * MACHINE.getAvailableProcessors());
        shares.add(served / local);
        out.printf(
            "round %d: %.1f runs/s in the process, %.1f requests/s (%.1f %%); clients took %.1f %%"
                + " of the processors, without which it were %.1f %%%n",
            round,
            local,
            served,
            100 * served / local,
            100 * ofClients,
            100 * served / (local * (1 - ofClients)));
      }
      shares.sort(null);
      out.printf(
          "%d clients, median of %d rounds: %.1f %% of the module's own throughput%n",
          clients, rounds, 100 * shares.get(rounds / 2));
    }
  }

  private static HttpRequest request(URI infer, List<FxValue> types, List<NativeTensor> inputs) {
    String tensors =
        IntStream.range(0, inputs.size())
            .mapToObj(i -> describe(types.get(i).name(), inputs.get(i)))
            .collect(Collectors.joining(","));
    byte[] json =
        "{\"parameters\":{\"binary_data_output\":true},\"inputs\":[%s]}"
            .formatted(tensors)
            .getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(json);
    body.writeBytes(bytes(inputs));
    return HttpRequest.newBuilder(infer)
        .header(JSON_LENGTH, Integer.toString(json.length))
        .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))
        .build();
  }

  private static String describe(String name, NativeTensor tensor) {
    return "{\"name\":\"%s\",\"datatype\":\"%s\",\"shape\":%s,\"parameters\":{\"binary_data_size\":%d}}"
        .formatted(
            name, datatype(tensor), Arrays.toString(tensor.sizes()), tensor.data().byteSize());
  }

  private static String datatype(NativeTensor tensor) {
    String name = tensor.dtype().torchName();
    return switch (tensor.dtype()) {
      case FLOAT16, FLOAT32, FLOAT64 -> name.replace("float", "FP");
      case BFLOAT16 -> "BF16";
      default -> name.toUpperCase(Locale.ROOT);
    };
  }

  private static byte[] bytes(List<NativeTensor> tensors) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    tensors.forEach(tensor -> bytes.writeBytes(tensor.data().toArray(ValueLayout.JAVA_BYTE)));
    return bytes.toByteArray();
  }

  private static Void runOnce(LoweredModule module, List<NativeTensor> inputs) {
    try (Arena arena = Arena.ofConfined()) {
      module.run(inputs, arena);
    }
    return null;
  }

  private Void answer() throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(
          answer.statusCode() + ": " + new String(answer.body(), StandardCharsets.UTF_8));
    }
    int json = Integer.parseInt(answer.headers().firstValue(JSON_LENGTH).orElseThrow());
    byte[] outputs = answer.body();
    if (!Arrays.equals(outputs, json, outputs.length, expected, 0, expected.length)) {
      throw new IllegalStateException("the server's outputs are not those of the module");
    }
    return null;
  }

  /** Calls a second of all callers together. */
  private static double rate(Callable<Void> call, int callers, double seconds) throws Exception {
    long start = System.nanoTime();
    long end = start + (long) (seconds * 1e9);
    long calls = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(callers)) {
      List<Future<Long>> counts = new ArrayList<>();
      for (int i = 0; i < callers; i++) {
        counts.add(threads.submit(() -> callUntil(end, call)));
      }
      for (Future<Long> count : counts) {
        calls += count.get();
      }
    }
    return calls * 1e9 / (System.nanoTime() - start);
  }

  private static long callUntil(long end, Callable<Void> call) throws Exception {
    long calls = 0;
    do {
      call.call();
      calls++;
    } while (System.nanoTime() < end);
    return calls;
  }
}
