package io.ait4j.web.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.ait4j.web.infer.InferenceResult;
import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** The answer to an inference request: JSON, and after it the outputs that are to be in binary. */
final class OipResponse {
  private static final int CHUNK = 1 << 16;

  private final OipRequest request;
  private final String model;
  private final String version;
  private final List<InferenceResult.Output> outputs;

  OipResponse(OipRequest request, String model, String version, InferenceResult result) {
    this.request = request;
    this.model = model;
    this.version = version;
    this.outputs = result.outputs().stream().filter(o -> request.wants(o.type().name())).toList();
  }

  void write(Context ctx) throws IOException {
    List<InferenceResult.Output> binary = outputs.stream().filter(this::isBinary).toList();
    if (binary.isEmpty()) {
      ctx.contentType("application/json");
      writeJson(ctx.outputStream());
      return;
    }
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    writeJson(json);
    long length = json.size() + binary.stream().mapToLong(o -> o.data().byteSize()).sum();
    ctx.contentType("application/octet-stream");
    ctx.header(OipRoutes.JSON_LENGTH, Integer.toString(json.size()));
    ctx.res().setContentLengthLong(length);
    OutputStream out = ctx.outputStream();
    json.writeTo(out);
    byte[] chunk = new byte[CHUNK];
    for (InferenceResult.Output output : binary) {
      MemorySegment data = output.data();
      for (long at = 0; at < data.byteSize(); at += CHUNK) {
        int count = (int) Math.min(CHUNK, data.byteSize() - at);
        MemorySegment.copy(data, ValueLayout.JAVA_BYTE, at, chunk, 0, count);
        out.write(chunk, 0, count);
      }
    }
  }

  private boolean isBinary(InferenceResult.Output output) {
    return request.isBinary(output.type().name());
  }

  private void writeJson(OutputStream out) throws IOException {
    try (JsonGenerator json = OipJson.FACTORY.createGenerator(out)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.writeStartObject();
      json.writeStringField("model_name", model);
      json.writeStringField("model_version", version);
      if (request.id() != null) {
        json.writeStringField("id", request.id());
      }
      json.writeArrayFieldStart("outputs");
      for (InferenceResult.Output output : outputs) {
        write(output, json);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  private void write(InferenceResult.Output output, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", output.type().name());
    json.writeStringField("datatype", output.type().datatype().name());
    json.writeFieldName("shape");
    json.writeArray(output.sizes(), 0, output.sizes().length);
    if (isBinary(output)) {
      json.writeObjectFieldStart("parameters");
      json.writeNumberField("binary_data_size", output.data().byteSize());
      json.writeEndObject();
    } else {
      json.writeFieldName("data");
      new TensorJson(output.type().name(), output.type().datatype(), output.sizes(), output.data())
          .write(json);
    }
    json.writeEndObject();
  }
}
