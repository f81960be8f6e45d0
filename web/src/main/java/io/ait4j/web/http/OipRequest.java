package io.ait4j.web.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.ait4j.web.infer.Datatype;
import io.ait4j.web.infer.InferenceFailed;
import io.ait4j.web.infer.InferenceRequest;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The body of an inference request: JSON, and after it the binary tensors, all of it read into the
 * memory that the model's worker shares.
 */
final class OipRequest {
  private static final int CHUNK = 1 << 16;

  private final InferenceRequest request;
  private final List<OipTensor> inputs = new ArrayList<>();
  private final Map<String, Optional<Boolean>> outputs = new LinkedHashMap<>();
  private String id;
  private boolean binaryByDefault;
  private Duration patience = ChronoUnit.FOREVER.getDuration();

  private OipRequest(InferenceRequest request) {
    this.request = request;
  }

  /**
   * Reads a whole body.
   *
   * @param jsonBytes how many of its bytes are JSON; negative if all are
   */
  static OipRequest read(InputStream body, long jsonBytes, InferenceRequest request)
      throws IOException, InferenceFailed {
    OipRequest read = new OipRequest(request);
    InputStream json = jsonBytes < 0 ? body : new Part(body, jsonBytes);
    try (JsonParser parser = OipJson.FACTORY.createParser(json)) {
      read.readJson(parser);
    } catch (JsonProcessingException e) {
      throw OipJson.bad("the request is no JSON as the protocol has it: " + e.getOriginalMessage());
    }
    read.readBinary(body, jsonBytes);
    return read;
  }

  private void readJson(JsonParser json) throws IOException, InferenceFailed {
    json.nextToken();
    if (json.currentToken() == null) {
      throw OipJson.bad("the request is empty");
    }
    OipJson.requireObject(json, "the request");
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String member = json.currentName();
      json.nextToken();
      switch (member) {
        case "id" -> id = OipJson.text(json, "\"id\"");
        case "parameters" -> readParameters(json);
        case "inputs" -> {
          requireArray(json, member);
          while (json.nextToken() != JsonToken.END_ARRAY) {
            inputs.add(OipTensor.read(json, request));
          }
        }
        case "outputs" -> {
          requireArray(json, member);
          while (json.nextToken() != JsonToken.END_ARRAY) {
            readOutput(json);
          }
        }
        default -> throw OipJson.unknown(member, "a request");
      }
    }
    if (json.nextToken() != null) {
      throw OipJson.bad("something follows the request's JSON");
    }
  }

  private static void requireArray(JsonParser json, String member) {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw OipJson.bad("\"" + member + "\" is not an array");
    }
  }

  private void readParameters(JsonParser json) throws IOException {
    OipJson.requireObject(json, "\"parameters\"");
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String member = json.currentName();
      json.nextToken();
      switch (member) {
        case "binary_data_output" ->
            binaryByDefault = OipJson.truth(json, "\"binary_data_output\"");
        case "timeout" -> patience = Duration.of(timeout(json), ChronoUnit.MICROS);
        default -> OipJson.ignore(member, json);
      }
    }
  }

  private static long timeout(JsonParser json) throws IOException {
    long micros = OipJson.number(json, "\"timeout\", in microseconds,");
    return micros == 0 ? Long.MAX_VALUE : micros; // Triton's 0 stands for the server's own
  }

  private void readOutput(JsonParser json) throws IOException {
    OipJson.requireObject(json, "each of \"outputs\"");
    String name = null;
    Optional<Boolean> binary = Optional.empty();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String member = json.currentName();
      json.nextToken();
      switch (member) {
        case "name" -> name = OipJson.text(json, "\"name\" of an output");
        case "parameters" -> binary = readBinaryData(json);
        default -> throw OipJson.unknown(member, "an output");
      }
    }
    String wanted = name;
    if (request.description().outputs().stream().noneMatch(o -> o.name().equals(wanted))) {
      throw OipJson.bad(
          "the model has no output '%s'; it has %s"
              .formatted(
                  name, request.description().outputs().stream().map(o -> o.name()).toList()));
    }
    if (outputs.put(name, binary) != null) {
      throw OipJson.bad("output '%s' is asked for twice".formatted(name));
    }
  }

  private static Optional<Boolean> readBinaryData(JsonParser json) throws IOException {
    OipJson.requireObject(json, "\"parameters\" of an output");
    Optional<Boolean> binary = Optional.empty();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String member = json.currentName();
      json.nextToken();
      if (member.equals("binary_data")) {
        binary = Optional.of(OipJson.truth(json, "\"binary_data\""));
      } else {
        OipJson.ignore(member, json);
      }
    }
    return binary;
  }

  private void readBinary(InputStream body, long jsonBytes) throws IOException {
    byte[] chunk = new byte[CHUNK];
    for (OipTensor input : inputs) {
      if (!input.isBinary()) {
        continue;
      }
      if (jsonBytes < 0) {
        throw OipJson.bad(
            "input '%s' has \"binary_data_size\", but the header %s does not say where it begins"
                .formatted(input.name(), OipRoutes.JSON_LENGTH));
      }
      readInto(input, body, chunk);
    }
    if (jsonBytes >= 0 && body.read() >= 0) {
      throw OipJson.bad("the body is longer than its JSON and its binary inputs");
    }
  }

  private static void readInto(OipTensor input, InputStream body, byte[] chunk) throws IOException {
    MemorySegment memory = input.memory();
    MemorySegment bytes = MemorySegment.ofArray(chunk);
    for (long at = 0; at < memory.byteSize(); ) {
      int count = body.read(chunk, 0, (int) Math.min(CHUNK, memory.byteSize() - at));
      if (count < 0) {
        throw OipJson.bad(
            "the body ends %d bytes before input '%s' does"
                .formatted(memory.byteSize() - at, input.name()));
      }
      if (input.datatype() == Datatype.BOOL) {
        for (int i = 0; i < count; i++) {
          chunk[i] = (byte) (chunk[i] == 0 ? 0 : 1); // models take nothing else for true
        }
      }
      MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, 0, memory, ValueLayout.JAVA_BYTE, at, count);
      at += count;
    }
  }

  /** What the caller calls the request; null if nothing. */
  String id() {
    return id;
  }

  /** How long the caller waits. */
  Duration patience() {
    return patience;
  }

  /** Whether an output is wanted: all are if none is named. */
  boolean wants(String output) {
    return outputs.isEmpty() || outputs.containsKey(output);
  }

  /** Whether an output is to be in binary. */
  boolean isBinary(String output) {
    return outputs.getOrDefault(output, Optional.empty()).orElse(binaryByDefault);
  }

  /** The first bytes of a stream, which it does not read beyond. */
  private static final class Part extends InputStream {
    private final InputStream whole;
    private long left;

    Part(InputStream whole, long bytes) {
      this.whole = whole;
      this.left = bytes;
    }

    @Override
    public int read() throws IOException {
      int value = left == 0 ? -1 : whole.read();
      left -= value < 0 ? 0 : 1;
      return value;
    }

    @Override
    public int read(byte[] to, int from, int count) throws IOException {
      if (left == 0) {
        return -1;
      }
      int read = whole.read(to, from, (int) Math.min(count, left));
      left -= Math.max(0, read);
      return read;
    }
  }
}
