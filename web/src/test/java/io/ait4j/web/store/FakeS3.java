package io.ait4j.web.store;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** As much of S3 as a store needs: it looks at what is sent, and may fail when it is asked to. */
public final class FakeS3 implements AutoCloseable {
  static final String BUCKET = "bucket";

  final Map<String, byte[]> objects = new ConcurrentSkipListMap<>();
  final Map<String, Map<Integer, byte[]>> uploads = new ConcurrentSkipListMap<>();

  /** Keys of uploads in parts with the times at which they began, by their ids. */
  final Map<String, Map.Entry<String, Instant>> begun = new ConcurrentSkipListMap<>();

  /** Method and path with query of each request. */
  final List<String> requests = new CopyOnWriteArrayList<>();

  /** Requests that are not served for now, by the beginning of how they are listed. */
  public final List<String> broken = new CopyOnWriteArrayList<>();

  private final HttpServer server;

  public FakeS3() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** As the setting of a store, with credentials that this process has from now on. */
  public String store() {
    System.setProperty("aws.accessKeyId", "id");
    System.setProperty("aws.secretAccessKey", "secret");
    return "s3://%s/some/prefix/?endpoint=%s&region=over-there".formatted(BUCKET, endpoint());
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
      requests.add(request);
      byte[] body = body(exchange);
      String credential = "Credential=id/";
      String authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
      if (!authorization.startsWith("AWS4-HMAC-SHA256 " + credential)
          || !authorization.contains("/over-there/s3/aws4_request")) {
        error(exchange, 403, "AccessDenied");
      } else if (broken.stream().anyMatch(request::startsWith)) {
        error(exchange, 503, "ServiceUnavailable");
      } else {
        answer(exchange, body);
      }
    }
  }

  private void answer(HttpExchange exchange, byte[] body) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String bucket = "/" + BUCKET;
    Map<String, String> query = query(exchange);
    if (!path.startsWith(bucket)) {
      error(exchange, 404, "NoSuchBucket");
      return;
    }
    String key = path.substring(bucket.length()).replaceFirst("^/", "");
    switch (exchange.getRequestMethod()) {
      case "HEAD" -> {
        if (key.isEmpty()) {
          exchange.sendResponseHeaders(200, -1);
        } else if (objects.containsKey(key)) {
          exchange
              .getResponseHeaders()
              .add("Content-Length", String.valueOf(objects.get(key).length));
          exchange.sendResponseHeaders(200, -1);
        } else {
          exchange.sendResponseHeaders(404, -1);
        }
      }
      case "PUT" -> {
        if (query.containsKey("uploadId")) {
          uploads.get(query.get("uploadId")).put(Integer.valueOf(query.get("partNumber")), body);
        } else {
          objects.put(key, body);
        }
        exchange.getResponseHeaders().add("ETag", "\"" + Arrays.hashCode(body) + "\"");
        exchange.sendResponseHeaders(200, -1);
      }
      case "POST" -> post(exchange, key, query, new String(body, StandardCharsets.UTF_8));
      case "GET" -> {
        if (query.containsKey("uploads")) {
          list(exchange, query);
        } else {
          get(exchange, key);
        }
      }
      case "DELETE" -> {
        if (query.containsKey("uploadId")) {
          uploads.remove(query.get("uploadId"));
        } else {
          objects.remove(key);
        }
        exchange.sendResponseHeaders(204, -1);
      }
      default -> error(exchange, 405, "MethodNotAllowed");
    }
  }

  private void post(HttpExchange exchange, String key, Map<String, String> query, String body)
      throws IOException {
    if (query.containsKey("uploads")) {
      String id = "upload" + uploads.size();
      uploads.put(id, new TreeMap<>());
      begun.put(id, Map.entry(key, Instant.now()));
      xml(
          exchange,
          200,
          "<InitiateMultipartUploadResult><UploadId>%s</UploadId></InitiateMultipartUploadResult>"
              .formatted(id));
      return;
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (Map.Entry<Integer, byte[]> part : uploads.remove(query.get("uploadId")).entrySet()) {
      String named = "<PartNumber>" + part.getKey() + "</PartNumber>";
      if (!body.contains(named)
          || !body.contains(String.valueOf(Arrays.hashCode(part.getValue())))) {
        error(exchange, 400, "InvalidPart");
        return;
      }
      whole.write(part.getValue());
    }
    objects.put(key, whole.toByteArray());
    xml(
        exchange,
        200,
        "<CompleteMultipartUploadResult><ETag>x</ETag></CompleteMultipartUploadResult>");
  }

  /** One upload to a page, as many stores of a thousand would be. */
  private void list(HttpExchange exchange, Map<String, String> query) throws IOException {
    String after = query.getOrDefault("upload-id-marker", "");
    List<String> left =
        uploads.keySet().stream()
            .filter(id -> id.compareTo(after) > 0)
            .filter(id -> begun.get(id).getKey().startsWith(query.get("prefix")))
            .toList();
    StringBuilder text = new StringBuilder("<ListMultipartUploadsResult>");
    for (String id : left.subList(0, Math.min(1, left.size()))) {
      text.append(
          "<Upload><Key>%s</Key><UploadId>%s</UploadId><Initiated>%s</Initiated></Upload>"
              .formatted(begun.get(id).getKey(), id, begun.get(id).getValue()));
      text.append("<NextKeyMarker>%s</NextKeyMarker>".formatted(begun.get(id).getKey()));
      text.append("<NextUploadIdMarker>%s</NextUploadIdMarker>".formatted(id));
    }
    text.append("<IsTruncated>%s</IsTruncated>".formatted(left.size() > 1));
    xml(exchange, 200, text + "</ListMultipartUploadsResult>");
  }

  private void get(HttpExchange exchange, String key) throws IOException {
    byte[] content = objects.get(key);
    if (content == null) {
      error(exchange, 404, "NoSuchKey");
      return;
    }
    String range = exchange.getRequestHeaders().getFirst("Range");
    int status = 200;
    if (range != null) {
      String[] ends = range.substring("bytes=".length()).split("-");
      int first = Integer.parseInt(ends[0]);
      if (first >= content.length) {
        error(exchange, 416, "InvalidRange");
        return;
      }
      content =
          Arrays.copyOfRange(
              content, first, (int) Math.min(content.length, Long.parseLong(ends[1]) + 1));
      status = 206;
    }
    exchange.sendResponseHeaders(status, content.length == 0 ? -1 : content.length);
    exchange.getResponseBody().write(content);
  }

  private static void error(HttpExchange exchange, int status, String code) throws IOException {
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(status, -1);
    } else {
      xml(exchange, status, "<Error><Code>" + code + "</Code><Message>no</Message></Error>");
    }
  }

  private static void xml(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/xml");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static Map<String, String> query(HttpExchange exchange) {
    Map<String, String> query = new HashMap<>();
    String text = exchange.getRequestURI().getQuery();
    for (String pair : text == null ? new String[0] : text.split("&")) {
      String[] parts = pair.split("=", 2);
      query.put(parts[0], parts.length > 1 ? parts[1] : "");
    }
    return query;
  }

  /** The SDK sends files in chunks, each with its length and a signature before it. */
  private static byte[] body(HttpExchange exchange) throws IOException {
    InputStream in = exchange.getRequestBody();
    String kind = String.valueOf(exchange.getRequestHeaders().getFirst("x-amz-content-sha256"));
    if (!kind.startsWith("STREAMING-")) {
      return in.readAllBytes();
    }
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    while (true) {
      int length = Integer.parseInt(line(in).replaceAll(";.*", ""), 16);
      if (length == 0) {
        in.readAllBytes();
        return content.toByteArray();
      }
      content.write(in.readNBytes(length));
      line(in);
    }
  }

  private static String line(InputStream in) throws IOException {
    List<Integer> bytes = new ArrayList<>();
    for (int next = in.read(); next != '\n' && next >= 0; next = in.read()) {
      bytes.add(next);
    }
    StringBuilder line = new StringBuilder();
    bytes.forEach(next -> line.append((char) (int) next));
    return line.toString().strip();
  }

  @Override
  public void close() {
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
    server.stop(0);
  }
}
