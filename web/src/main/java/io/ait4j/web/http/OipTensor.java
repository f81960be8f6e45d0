package io.ait4j.web.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import io.ait4j.web.infer.Datatype;
import io.ait4j.web.infer.InferenceFailed;
import io.ait4j.web.infer.InferenceRequest;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * An input as the protocol writes it. Its data goes right to where the model reads it; only data
 * that comes before name, type and shape, which JSON allows, is kept for a while.
 */
final class OipTensor {
  private static final int MOST_EARLY_TOKENS = 100_000;

  private final InferenceRequest request;
  private String name;
  private String datatype;
  private long[] shape;
  private long binaryBytes = -1;
  private TokenBuffer early;
  private MemorySegment memory;
  private boolean hasData;

  private OipTensor(InferenceRequest request) {
    this.request = request;
  }

  /** Reads the object at which the parser stands. */
  static OipTensor read(JsonParser json, InferenceRequest request)
      throws IOException, InferenceFailed {
    OipTensor tensor = new OipTensor(request);
    OipJson.requireObject(json, "each of \"inputs\"");
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String member = json.currentName();
      json.nextToken();
      tensor.readMember(member, json);
    }
    tensor.finish();
    return tensor;
  }

  private void readMember(String member, JsonParser json) throws IOException, InferenceFailed {
    switch (member) {
      case "name" -> name = OipJson.text(json, "\"name\" of an input");
      case "datatype" -> datatype = OipJson.text(json, "\"datatype\" of an input");
      case "shape" -> shape = readShape(json);
      case "parameters" -> readParameters(json);
      case "data" -> readData(json);
      default -> throw OipJson.unknown(member, "an input");
    }
  }

  private long[] readShape(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw OipJson.bad("\"shape\" of an input is not an array");
    }
    List<Long> sizes = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      long size = OipJson.number(json, "a size in \"shape\"");
      if (sizes.size() == 64) {
        throw OipJson.bad("\"shape\" of an input has more than 64 sizes");
      }
      sizes.add(size);
    }
    return sizes.stream().mapToLong(Long::longValue).toArray();
  }

  private void readParameters(JsonParser json) throws IOException {
    OipJson.requireObject(json, "\"parameters\" of an input");
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String member = json.currentName();
      json.nextToken();
      if (member.equals("binary_data_size")) {
        binaryBytes = OipJson.number(json, "\"binary_data_size\"");
      } else {
        OipJson.ignore(member, json);
      }
    }
  }

  private void readData(JsonParser json) throws IOException, InferenceFailed {
    if (hasData) {
      throw OipJson.bad("an input has \"data\" twice");
    }
    hasData = true;
    if (name != null && datatype != null && shape != null) {
      readInto(json);
    } else {
      early = keep(json);
    }
  }

  private static TokenBuffer keep(JsonParser json) throws IOException {
    TokenBuffer kept = new TokenBuffer(json);
    int depth = 0;
    for (int tokens = 0; tokens < MOST_EARLY_TOKENS; tokens++) {
      JsonToken token = json.currentToken();
      depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
      kept.copyCurrentEvent(json);
      if (depth == 0) {
        return kept;
      }
      json.nextToken();
    }
    throw OipJson.bad(
        "write \"name\", \"shape\" and \"datatype\" of a large input before its data");
  }

  private void readInto(JsonParser json) throws IOException, InferenceFailed {
    memory = request.input(name, datatype, shape);
    new TensorJson(name, Datatype.of(datatype).orElseThrow(), shape, memory).read(json);
  }

  private void finish() throws IOException, InferenceFailed {
    if (name == null || datatype == null || shape == null) {
      throw OipJson.bad("each of \"inputs\" has \"name\", \"shape\" and \"datatype\"");
    }
    if (early != null) {
      try (JsonParser kept = early.asParser()) {
        kept.nextToken();
        readInto(kept);
      }
      early = null;
    }
    if (hasData == isBinary()) {
      throw OipJson.bad(
          "input '%s' has either \"data\" or the parameter \"binary_data_size\"".formatted(name));
    }
    if (isBinary()) {
      memory = request.input(name, datatype, shape);
      if (memory.byteSize() != binaryBytes) {
        throw OipJson.bad(
            "input '%s': its shape takes %d bytes, and \"binary_data_size\" is %d"
                .formatted(name, memory.byteSize(), binaryBytes));
      }
    }
  }

  /** Whether its data follows the JSON. */
  boolean isBinary() {
    return binaryBytes >= 0;
  }

  String name() {
    return name;
  }

  Datatype datatype() {
    return Datatype.of(datatype).orElseThrow();
  }

  /** Where its data goes. */
  MemorySegment memory() {
    return memory;
  }
}
