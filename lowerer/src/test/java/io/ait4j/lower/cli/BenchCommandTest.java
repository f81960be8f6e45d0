package io.ait4j.lower.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ait4j.fx.DType;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.Safetensors;
import io.ait4j.fx.onnx.proto.DimensionMessage;
import io.ait4j.fx.onnx.proto.GraphMessage;
import io.ait4j.fx.onnx.proto.ModelMessage;
import io.ait4j.fx.onnx.proto.NodeMessage;
import io.ait4j.fx.onnx.proto.OperatorSetMessage;
import io.ait4j.fx.onnx.proto.ShapeMessage;
import io.ait4j.fx.onnx.proto.TensorTypeMessage;
import io.ait4j.fx.onnx.proto.TypeMessage;
import io.ait4j.fx.onnx.proto.ValueInfoMessage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchCommandTest {
  private static final Path RESNET = Tool.MODELS.resolve("resnet20");

  @TempDir static Path cache;
  @TempDir Path folder;

  /** {@code neg/model.onnx} with its inputs, and {@code abs/} likewise. */
  @BeforeEach
  void models() throws IOException {
    for (String operator : new String[] {"Neg", "Abs"}) {
      Path model = Files.createDirectories(folder.resolve(operator.toLowerCase()));
      Files.write(model.resolve("model.onnx"), onnx(operator));
      try (Arena arena = Arena.ofConfined()) {
        var data = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 1, -2, 3);
        Safetensors.write(
            model.resolve("io.safetensors"),
            Map.of("input0", NativeTensor.contiguous(DType.FLOAT32, new long[] {3}, data)),
            Map.of());
      }
    }
  }

  private static byte[] onnx(String operator) {
    ShapeMessage shape =
        ShapeMessage.newBuilder().addDim(DimensionMessage.newBuilder().setDimValue(3)).build();
    TensorTypeMessage type = TensorTypeMessage.newBuilder().setElemType(1).setShape(shape).build();
    ValueInfoMessage.Builder three =
        ValueInfoMessage.newBuilder().setType(TypeMessage.newBuilder().setTensorType(type));
    GraphMessage graph =
        GraphMessage.newBuilder()
            .setName("one")
            .addInput(three.clone().setName("x"))
            .addOutput(three.clone().setName("y"))
            .addNode(NodeMessage.newBuilder().setOpType(operator).addInput("x").addOutput("y"))
            .build();
    return ModelMessage.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetMessage.newBuilder().setVersion(17))
        .setGraph(graph)
        .build()
        .toByteArray();
  }

  private Tool bench(Object... args) {
    Object[] all = new Object[args.length + 5];
    all[0] = "bench";
    System.arraycopy(args, 0, all, 1, args.length);
    System.arraycopy(new Object[] {"--runs", 6, "--cache-dir", cache}, 0, all, args.length + 1, 4);
    return Tool.run(all);
  }

  @Test
  void timesAConvertedModelBesideLibtorch() {
    Path aitm = folder.resolve("resnet20.aitm");
    Path samples = RESNET.resolve("io.safetensors");
    Object[] quickly = {
      "convert",
      RESNET.resolve("model.pt"),
      "--sample-inputs",
      samples,
      "-o",
      aitm,
      "--min-partition-size=100000",
      "--exclude-op=aten::linear"
    };
    assertThat(Tool.run(quickly)).extracting(Tool::exit).isEqualTo(0);
    Tool tool =
        bench(aitm, "--inputs", samples, "--peer", "libtorch-frozen=" + RESNET.resolve("model.pt"));
    assertThat(tool.err()).isEmpty();
    assertThat(tool.exit()).isZero();
    assertThat(tool.out())
        .startsWith("resnet20.aitm, 1 thread, 6 runs each, in turn")
        .containsPattern("(?m)^ait4j +[0-9.]+ +[0-9.]+ +[0-9.]+ +[0-9.]+ +1\\.00$")
        .containsPattern("(?m)^libtorch-frozen +[0-9.]+ +[0-9.]+ +[0-9.]+ +[0-9.]+ +[0-9.]+$");
  }

  @Test
  void comparesEveryModelUnderAFolderOnEachCountOfThreads() throws IOException {
    Path json = folder.resolve("bench.json");
    Tool tool = bench(folder, "--peer", "onnxruntime", "--threads", "1,2", "--json", json);
    assertThat(tool.err()).isEmpty();
    assertThat(tool.exit()).isZero();
    assertThat(tool.out())
        .containsPattern("(?m)^model +threads +ait4j ms +onnxruntime$")
        .containsPattern("(?m)^abs +2 +[0-9.]+ +[0-9.]+ x$")
        .containsPattern("(?m)^neg +1 +[0-9.]+ +[0-9.]+ x$");
    JsonNode results = new ObjectMapper().readTree(json.toFile());
    assertThat(results.size()).isEqualTo(4);
    JsonNode peer = results.get(1).get("contenders").get(1);
    assertThat(results.get(1).get("threads").asInt()).isEqualTo(2);
    assertThat(peer.get("name").asText()).isEqualTo("onnxruntime");
    assertThat(peer.get("ratio").asDouble())
        .isEqualTo(
            peer.get("median_ms").asDouble()
                / results.get(1).get("contenders").get(0).get("median_ms").asDouble());
  }

  @Test
  void timesNobodyWhoComputesSomethingElse() {
    Tool tool =
        bench(folder.resolve("neg"), "--peer", "onnxruntime=" + folder.resolve("abs/model.onnx"));
    assertThat(tool.exit()).isEqualTo(ExitCode.RUN.code());
    assertThat(tool.err())
        .startsWith("ait4j: neg: output0 of onnxruntime ")
        .endsWith("so that times would mean nothing\n");
  }

  @Test
  void saysWhatIsMissing() {
    assertThat(bench(folder.resolve("neg"), "--peer", "libtorch"))
        .extracting(Tool::exit, Tool::err)
        .containsExactly(
            2,
            "ait4j: neg: there is no %s for --peer libtorch; give its file as --peer libtorch=FILE%n"
                .formatted(folder.resolve("neg/model.pt")));
    assertThat(bench(folder, "--peer", "tvm").err())
        .contains("--peer tvm is unknown; use libtorch,");
    assertThat(bench(folder, "--inputs", folder.resolve("neg/io.safetensors")).err())
        .contains("--inputs is for one model, but there are 2");
    assertThat(bench(folder.resolve("none")).exit()).isEqualTo(ExitCode.IMPORT.code());
    assertThat(bench(folder.resolve("neg"), "--threads", "0").exit())
        .isEqualTo(ExitCode.USAGE.code());
  }

  /** The others are timed all the same. */
  @Test
  void goesOnAfterAModelThatCannotBeTimed() throws IOException {
    Files.writeString(folder.resolve("abs/model.onnx"), "damaged");
    Tool tool = bench(folder);
    assertThat(tool.exit()).isEqualTo(ExitCode.IMPORT.code());
    assertThat(tool.err()).startsWith("ait4j: abs: ");
    assertThat(tool.out()).startsWith("neg, 1 thread, 6 runs each");
  }
}
