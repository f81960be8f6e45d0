package io.ait4j.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ait4j.fx.DType;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.Safetensors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Recorded inputs and outputs of a model, as requests of the Open Inference Protocol. */
record Sample(List<Tensor> inputs, List<Tensor> outputs) {
  /** A tensor's little-endian bytes. */
  record Tensor(String datatype, long[] shape, byte[] data) {
    private FloatBuffer floats() {
      return ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    }
  }

  static Sample read(String model) {
    try (Arena arena = Arena.ofConfined()) {
      Safetensors file =
          Safetensors.read(RunningServer.MODELS.resolve(model).resolve("io.safetensors"), arena);
      return new Sample(all(file, "input"), all(file, "output"));
    }
  }

  private static List<Tensor> all(Safetensors file, String prefix) {
    List<Tensor> tensors = new ArrayList<>();
    NativeTensor tensor;
    while ((tensor = file.tensors().get(prefix + tensors.size())) != null) {
      tensors.add(
          new Tensor(
              tensor.dtype() == DType.FLOAT32 ? "FP32" : "INT64",
              tensor.sizes(),
              tensor.data().toArray(ValueLayout.JAVA_BYTE)));
    }
    return tensors;
  }

  private ObjectNode head(int input, String name) {
    ObjectNode json =
        RunningServer.JSON
            .createObjectNode()
            .put("name", name)
            .put("datatype", inputs.get(input).datatype());
    ArrayNode shape = json.putArray("shape");
    for (long size : inputs.get(input).shape()) {
      shape.add(size);
    }
    return json;
  }

  /** A request whose numbers are text. */
  String json(List<String> names) {
    ObjectNode request = RunningServer.JSON.createObjectNode();
    ArrayNode array = request.putArray("inputs");
    for (int i = 0; i < inputs.size(); i++) {
      ArrayNode data = array.add(head(i, names.get(i))).get(i).withArray("data");
      ByteBuffer bytes = ByteBuffer.wrap(inputs.get(i).data()).order(ByteOrder.LITTLE_ENDIAN);
      while (bytes.hasRemaining()) {
        if (inputs.get(i).datatype().equals("FP32")) {
          data.add(bytes.getFloat());
        } else {
          data.add(bytes.getLong());
        }
      }
    }
    return request.toString();
  }

  /** The JSON that stands before binary tensors; they are asked for too. */
  String binaryHead(List<String> names) {
    ObjectNode request = RunningServer.JSON.createObjectNode();
    request.putObject("parameters").put("binary_data_output", true);
    ArrayNode array = request.putArray("inputs");
    for (int i = 0; i < inputs.size(); i++) {
      ObjectNode input = head(i, names.get(i));
      input.putObject("parameters").put("binary_data_size", inputs.get(i).data().length);
      array.add(input);
    }
    return request.toString();
  }

  byte[] binary(String head) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.write(head.getBytes(StandardCharsets.UTF_8));
    for (Tensor input : inputs) {
      body.write(input.data());
    }
    return body.toByteArray();
  }

  /** How far outputs are from the recorded ones: the norm of the difference to theirs. */
  double error(HttpResponse<byte[]> response) throws IOException {
    byte[] body = response.body();
    int head =
        response
            .headers()
            .firstValue("Inference-Header-Content-Length")
            .map(Integer::parseInt)
            .orElse(body.length);
    ArrayNode got = (ArrayNode) RunningServer.JSON.readTree(body, 0, head).get("outputs");
    double difference = 0;
    double norm = 0;
    int at = head;
    for (int i = 0; i < outputs.size(); i++) {
      FloatBuffer want = outputs.get(i).floats();
      FloatBuffer binary =
          ByteBuffer.wrap(body)
              .order(ByteOrder.LITTLE_ENDIAN)
              .position(at)
              .slice()
              .order(ByteOrder.LITTLE_ENDIAN)
              .asFloatBuffer();
      for (int k = 0; k < want.limit(); k++) {
        double value =
            head < body.length ? binary.get(k) : got.get(i).get("data").get(k).asDouble();
        difference += (value - want.get(k)) * (value - want.get(k));
        norm += want.get(k) * want.get(k);
      }
      at += outputs.get(i).data().length;
    }
    return Math.sqrt(difference / norm);
  }
}
