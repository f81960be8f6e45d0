package io.ait4j.fx.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.GraphSignature;
import io.ait4j.fx.ImportedModel;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.Safetensors;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.Weight;
import io.ait4j.fx.archive.PickleValue;
import io.ait4j.fx.archive.Pickles;
import io.ait4j.fx.archive.Zips;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightBindingTest {
  @TempDir Path folder;
  private final Arena arena = Arena.ofShared();
  private final AtomicInteger closed = new AtomicInteger();

  @AfterEach
  void free() {
    arena.close();
  }

  private Weight weight(String name, Weight.Kind kind, long... sizes) {
    return new Weight(name, TensorMeta.contiguous(DType.FLOAT32, sizes), memory(sizes), kind);
  }

  private MemorySegment memory(long... sizes) {
    return arena.allocate(4 * Arrays.stream(sizes).reduce(1, (a, b) -> a * b), 16);
  }

  private ImportedModel model(Weight... weights) {
    List<FxValue> attributes = new ArrayList<>();
    Map<String, Weight> byValue = new LinkedHashMap<>();
    for (Weight weight : weights) {
      String value = weight.name().replace('.', '_');
      attributes.add(new FxValue(value, weight.meta()));
      byValue.put(value, weight);
    }
    FxGraph graph =
        new FxGraph(
            List.of(),
            attributes,
            List.of(),
            attributes.stream().map(v -> (Arg) new Arg.Value(v.name())).toList(),
            byValue);
    return new ImportedModel(graph, closed::incrementAndGet);
  }

  private Path torch(Object... namesAndTensors) throws IOException {
    return torch(Pickles.dict(namesAndTensors));
  }

  /** Storage 0 holds 0, 1, 2 and so on. */
  private Path torch(PickleValue value) throws IOException {
    return Zips.write(
        folder.resolve("weights.pth"),
        "archive/data.pkl",
        Pickles.write(value),
        "archive/data/0",
        Zips.floats(0, 1, 2, 3, 4, 5));
  }

  private Path safetensors(String file, Map<String, float[]> tensors) {
    Map<String, NativeTensor> all = new LinkedHashMap<>();
    tensors.forEach(
        (name, values) ->
            all.put(
                name,
                NativeTensor.contiguous(
                    DType.FLOAT32,
                    new long[] {values.length},
                    arena.allocateFrom(ValueLayout.JAVA_FLOAT, values))));
    Safetensors.write(folder.resolve(file), all, Map.of());
    return folder.resolve(file);
  }

  private static float[] values(ImportedModel model, String value) {
    return model.graph().weights().get(value).data().toArray(ValueLayout.JAVA_FLOAT);
  }

  private void refused(ImportedModel model, Path weights, String... words) {
    closed.set(0);
    assertThatThrownBy(() -> WeightBinding.bind(model, weights))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll(words);
    assertThat(closed).hasValue(1);
  }

  @Test
  void whatTheGraphHasAbsorbedIsNotReplacedSilently() throws IOException {
    ImportedModel plain = model(weight("a", Weight.Kind.PARAMETER, 2));
    ImportedModel folded =
        new ImportedModel(plain.graph(), plain.storage(), java.util.Set.of("scale"));
    Path file = folder.resolve("weights.safetensors");
    NativeTensor two = NativeTensor.contiguous(DType.FLOAT32, new long[] {2}, memory(2));
    Safetensors.write(file, new LinkedHashMap<>(Map.of("a", two, "scale", two)), Map.of());
    assertThatThrownBy(() -> WeightBinding.bind(folded, file))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("scale")
        .hasMessageContaining("part of the graph");
    assertThat(closed).hasValue(1);
  }

  @Test
  void aStateDictReplacesTheModelsWeights() throws IOException {
    try (ImportedModel bound =
        WeightBinding.bind(
            model(weight("a.w", Weight.Kind.PARAMETER, 2, 3)),
            torch("a.w", Pickles.floats("0", 2, 3)))) {
      assertThat(values(bound, "a_w")).containsExactly(0, 1, 2, 3, 4, 5);
    }
    assertThat(closed).hasValue(1);
  }

  @Test
  void wrappedStateDictsAreFound() throws IOException {
    PickleValue inner = Pickles.dict("w", Pickles.floats("0", 6));
    for (String wrapper : List.of("state_dict", "model_state_dict", "model")) {
      Path file =
          torch("epoch", new PickleValue.Int(3), "loss", Pickles.floats("0", 1), wrapper, inner);
      try (ImportedModel bound =
          WeightBinding.bind(model(weight("w", Weight.Kind.PARAMETER, 6)), file)) {
        assertThat(values(bound, "w")).endsWith(4, 5);
      }
    }
    refused(
        model(weight("w", Weight.Kind.PARAMETER, 6)),
        torch("optimizer", inner),
        "holds no state_dict");
    refused(
        model(weight("w", Weight.Kind.PARAMETER, 6)),
        torch(Pickles.call("my.Net")),
        "class my.Net",
        "model.state_dict()");
  }

  @Test
  void dataParallelsPrefixIsStrippedOnlyIfAllNamesHaveIt() throws IOException {
    try (ImportedModel bound =
        WeightBinding.bind(
            model(weight("w", Weight.Kind.PARAMETER, 6)),
            torch("module.w", Pickles.floats("0", 6)))) {
      assertThat(values(bound, "w")).endsWith(4, 5);
    }
    refused(
        model(weight("w", Weight.Kind.PARAMETER, 6)),
        torch("module.w", Pickles.floats("0", 6), "v", Pickles.floats("0", 6)),
        "it lacks: w");
    try (ImportedModel bound =
        WeightBinding.bind(
            model(weight("module.w", Weight.Kind.PARAMETER, 6)),
            torch("module.w", Pickles.floats("0", 6)))) {
      assertThat(values(bound, "module_w")).endsWith(4, 5);
    }
  }

  @Test
  void everyMismatchIsListed() throws IOException {
    refused(
        model(
            weight("a", Weight.Kind.PARAMETER, 6),
            weight("b", Weight.Kind.PARAMETER, 2, 3),
            weight("c", Weight.Kind.PARAMETER, 1)),
        torch("b", Pickles.floats("0", 3, 2), "d", Pickles.floats("0", 1)),
        "it lacks: a, c;",
        "b (float32[3, 2] for float32[2,3])",
        "does not read: d");
    Weight[] many =
        IntStream.range(0, 23)
            .mapToObj(i -> weight("w" + i, Weight.Kind.PARAMETER, 1))
            .toArray(Weight[]::new);
    refused(model(many), torch("x", Pickles.floats("0", 1)), "w19 and 3 more");
  }

  @Test
  void anotherDtypeIsNotConverted() throws IOException {
    Weight half =
        new Weight("w", TensorMeta.contiguous(DType.FLOAT16, 6), memory(6), Weight.Kind.PARAMETER);
    refused(model(half), torch("w", Pickles.floats("0", 6)), "w (float32[6] for float16[6])");
  }

  @Test
  void buffersAndConstantsMayBeMissing() throws IOException {
    ImportedModel model =
        model(
            weight("w", Weight.Kind.PARAMETER, 6),
            weight("positions", Weight.Kind.BUFFER, 2),
            weight("constants.0", Weight.Kind.CONSTANT, 2));
    try (Checkpoint checkpoint =
        Checkpoint.open(
            torch("w", Pickles.floats("0", 6), "constants.0", Pickles.floats("0", 2)))) {
      WeightBinding binding = WeightBinding.of(model.graph(), checkpoint, arena);
      assertThat(binding.kept()).containsExactly("positions");
      assertThat(binding.missing()).isEmpty();
      assertThat(binding.extra()).containsExactly("constants.0");
      assertThat(binding.graph().weights().get("constants_0"))
          .isSameAs(model.graph().weights().get("constants_0"));
    }
  }

  @Test
  void aTiedWeightTakesTheOtherNamesTensor() throws IOException {
    Weight a = weight("a", Weight.Kind.PARAMETER, 6);
    Weight tied = new Weight("b", a.meta(), a.data(), Weight.Kind.PARAMETER);
    try (ImportedModel bound =
        WeightBinding.bind(model(a, tied), torch("a", Pickles.floats("0", 6)))) {
      assertThat(values(bound, "b")).containsExactly(0, 1, 2, 3, 4, 5);
    }
    refused(
        model(a, weight("b", Weight.Kind.PARAMETER, 6)),
        torch("a", Pickles.floats("0", 6)),
        "it lacks: b");
  }

  @Test
  void theGraphsStridesAreKept() throws IOException {
    TensorMeta turned = new TensorMeta(DType.FLOAT32, Dim.ofAll(2, 3), Dim.ofAll(1, 2));
    Weight weight = new Weight("w", turned, memory(6), Weight.Kind.PARAMETER);
    try (ImportedModel bound =
        WeightBinding.bind(model(weight), torch("w", Pickles.floats("0", 2, 3)))) {
      assertThat(values(bound, "w")).containsExactly(0, 3, 1, 4, 2, 5);
      assertThat(bound.graph().weights().get("w").meta()).isEqualTo(turned);
    }
    TensorMeta gaps = new TensorMeta(DType.FLOAT32, Dim.ofAll(2, 2), Dim.ofAll(3, 1));
    refused(
        model(new Weight("w", gaps, memory(5), Weight.Kind.PARAMETER)),
        torch("w", Pickles.floats("0", 2, 2)),
        "strides");
  }

  @Test
  void aBufferThatTheModelWritesBeginsWithTheCheckpointsValue() throws IOException {
    Weight state = weight("steps", Weight.Kind.BUFFER, 6);
    FxValue input = new FxValue("steps", state.meta());
    FxGraph graph =
        new FxGraph(
            List.of(input),
            List.of(),
            List.of(),
            List.of(new Arg.Value("steps")),
            Map.of(),
            new GraphSignature(
                List.of(),
                List.of(new GraphSignature.State("steps", 0, state)),
                List.of(),
                List.of()));
    try (ImportedModel bound =
        WeightBinding.bind(
            new ImportedModel(graph, () -> {}), torch("steps", Pickles.floats("0", 6)))) {
      assertThat(
              bound
                  .graph()
                  .signature()
                  .states()
                  .getFirst()
                  .initial()
                  .data()
                  .toArray(ValueLayout.JAVA_FLOAT))
          .endsWith(4, 5);
    }
  }

  @Test
  void safetensorsAndShardsAreCheckpointsToo() throws IOException {
    safetensors("one.safetensors", Map.of("a", new float[] {1, 2}));
    safetensors("two.safetensors", Map.of("b", new float[] {3}, "unlisted", new float[] {9}));
    Path index =
        Files.writeString(
            folder.resolve("model.safetensors.index.json"),
            """
            {"metadata": {"total_size": 12}, "weight_map":
              {"a": "one.safetensors", "b": "two.safetensors"}}
            """);
    try (ImportedModel bound =
        WeightBinding.bind(
            model(weight("a", Weight.Kind.PARAMETER, 2), weight("b", Weight.Kind.PARAMETER, 1)),
            index)) {
      assertThat(values(bound, "a")).containsExactly(1, 2);
      assertThat(values(bound, "b")).containsExactly(3);
    }
    try (ImportedModel bound =
        WeightBinding.bind(
            model(weight("a", Weight.Kind.PARAMETER, 2)), folder.resolve("one.safetensors"))) {
      assertThat(values(bound, "a")).containsExactly(1, 2);
    }
  }

  /** 19280 bytes of header begin with the letters of a ZIP archive, 123 with a brace. */
  @Test
  void aSafetensorsFileIsKnownWhateverItsLength() throws IOException {
    for (int length : new int[] {0x4b50, '{', 0x107b}) {
      String header = "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
      ByteBuffer bytes = ByteBuffer.allocate(8 + length + 4).order(ByteOrder.LITTLE_ENDIAN);
      bytes.putLong(length).put(header.getBytes(StandardCharsets.US_ASCII));
      while (bytes.remaining() > 4) {
        bytes.put((byte) ' ');
      }
      bytes.putFloat(2.5f);
      Path file = Files.write(folder.resolve("file"), bytes.array());
      try (ImportedModel bound =
          WeightBinding.bind(model(weight("w", Weight.Kind.PARAMETER, 1)), file)) {
        assertThat(values(bound, "w")).containsExactly(2.5f);
      }
    }
  }

  @Test
  void indexesThatLeadElsewhereAreRefused() throws IOException {
    safetensors("one.safetensors", Map.of("a", new float[] {1, 2}));
    Path index = folder.resolve("index.json");
    for (String[] map :
        new String[][] {
          {"{\"a\": \"../one.safetensors\"}", "no file beside it"},
          {"{\"a\": \"/etc/passwd\"}", "no file beside it"},
          {"{\"a\": \"index.json\"}", "no file beside it"},
          {"{\"b\": \"one.safetensors\"}", "lacks the tensor b"},
          {"{\"a\": \"none.safetensors\"}", "no such file"},
          {"{\"a\": 3}", "no file for a"},
          {"{}", "no weight_map"},
          {"{\"a\": \"one", "no valid JSON"}
        }) {
      Files.writeString(index, "{\"weight_map\": " + map[0] + "}");
      refused(
          model(weight("a", Weight.Kind.PARAMETER, 2)),
          index,
          index.toString().substring(0, 4),
          map[1]);
    }
  }

  @Test
  void otherFilesAreToldApart() throws IOException {
    ImportedModel model = model(weight("a", Weight.Kind.PARAMETER, 2));
    Path file = folder.resolve("file");
    refused(model, file, "no such file");
    Files.write(file, new byte[] {(byte) 0x80, 2, 'N', '.'});
    refused(model, file, "before 1.6");
    Files.writeString(file, "weights, honestly");
    refused(model, file, "neither a checkpoint");
    Zips.write(file, "m/data.pkl", Pickles.write(Pickles.dict()), "m/constants.pkl", new byte[0]);
    refused(model, file, "TorchScript");
  }
}
