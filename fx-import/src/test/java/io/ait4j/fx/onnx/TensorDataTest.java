package io.ait4j.fx.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.ait4j.fx.DType;
import io.ait4j.fx.ImportedModel;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.Safetensors;
import io.ait4j.fx.Weight;
import io.ait4j.fx.onnx.proto.PropertyMessage;
import io.ait4j.fx.onnx.proto.TensorMessage;
import io.ait4j.fx.weights.WeightBinding;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Where tensors lie: inside the file, mapped; misaligned in it; in lists; in other files. */
class TensorDataTest {
  private static final DType F = DType.FLOAT32;

  @TempDir Path folder;

  private Path write(TestModel test) throws IOException {
    Path file = folder.resolve("model.onnx");
    Files.write(file, test.build().toByteArray());
    return file;
  }

  private static TensorMessage.Builder external(NativeTensor content, String... entries) {
    TensorMessage.Builder tensor =
        TestModel.message("w", content).toBuilder().clearRawData().setDataLocation(1);
    for (int i = 0; i < entries.length; i += 2) {
      tensor.addExternalData(
          PropertyMessage.newBuilder().setKey(entries[i]).setValue(entries[i + 1]));
    }
    return tensor;
  }

  private static byte[] bytes(NativeTensor content) {
    return content
        .data()
        .asSlice(0, content.numel() * content.dtype().bytes())
        .toArray(ValueLayout.JAVA_BYTE);
  }

  private static TestModel adding(TestModel test, TensorMessage weight) {
    test.graph.addInitializer(weight);
    return test.node("Add", "x w", "y").out("y", F);
  }

  /** A name of growing length moves the data on, byte by byte. */
  @ParameterizedTest
  @CsvSource({"100", "40000"})
  void everyAlignmentReadsTheSame(int size) throws IOException {
    int mapped = 0;
    for (int shift = 0; shift < 8; shift++) {
      TestModel test = TestModel.of(18).in("x", F, size);
      NativeTensor content = test.random(F, size);
      test.graph.setName("g".repeat(shift + 1));
      test.init("w", content).node("Add", "x w", "y").out("y", F);
      try (ImportedModel model = OnnxReader.read(write(test), List.of())) {
        Weight weight = model.graph().weights().values().iterator().next();
        assertThat(weight.name()).isEqualTo("w");
        assertThat(weight.data().isNative()).isTrue();
        assertThat(weight.data().address() % 4).isZero();
        assertThat(weight.data().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(bytes(content));
        mapped += weight.data().isMapped() ? 1 : 0;
      }
    }
    // two of eight lie aligned; the others are mapped only if they are large
    assertThat(mapped).isEqualTo(size < 1000 ? 2 : 8);
  }

  /** As older files do: an initialiser is what its input is if nobody gives one. */
  @Test
  void initialisersAmongTheInputsAreWeights() {
    TestModel test = TestModel.of(18).in("x", F, 2);
    test.init("w", F, 2).node("Add", "x w", "y").out("y", F);
    test.graph.addInput(TestModel.info("w", F, TestModel.shape("2")));
    assertThat(Peer.check(test).inputs()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"COMPLEX64", "COMPLEX128", "BFLOAT16"},
      mode = EnumSource.Mode.EXCLUDE)
  void listsReadAsRawBytesDo(DType dtype) throws IOException {
    TestModel test = TestModel.of(18);
    NativeTensor content = test.random(dtype, 3, 5);
    TensorMessage.Builder list = TestModel.message("w", content).toBuilder().clearRawData();
    for (int i = 0; i < content.numel(); i++) {
      double value = Values.get(dtype, content.data(), i);
      switch (dtype) {
        case FLOAT32 -> list.addFloatData((float) value);
        case FLOAT64 -> list.addDoubleData(value);
        case INT64 -> list.addInt64Data((long) value);
        case FLOAT16 ->
            list.addInt32Data(
                Short.toUnsignedInt(content.data().getAtIndex(ValueLayout.JAVA_SHORT, i)));
        default -> list.addInt32Data((int) value);
      }
    }
    test.graph.addInitializer(list);
    test.node("Identity", "w", "y").out("y", dtype);
    try (ImportedModel model = OnnxReader.read(write(test), List.of())) {
      Weight weight = model.graph().weights().values().iterator().next();
      assertThat(weight.meta()).isEqualTo(content.meta());
      assertThat(weight.data().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(bytes(content));
    }
  }

  @ParameterizedTest
  @CsvSource({"0", "64", "3"})
  void otherFiles(int offset) throws IOException {
    TestModel test = TestModel.of(18).in("x", F, 50, 800);
    NativeTensor content = test.random(F, 50, 800);
    byte[] data = new byte[offset + 160_000 + 5];
    System.arraycopy(bytes(content), 0, data, offset, 160_000);
    Files.createDirectories(folder.resolve("data"));
    Files.write(folder.resolve("data/w.bin"), data);
    adding(
        test,
        external(
                content,
                "location",
                "data/w.bin",
                "offset",
                Integer.toString(offset),
                "length",
                "160000")
            .build());
    try (ImportedModel model = OnnxReader.read(write(test), List.of())) {
      Weight weight = model.graph().weights().values().iterator().next();
      assertThat(weight.data().isMapped()).isTrue();
      assertThat(weight.data().address() % 4).isZero();
      assertThat(weight.data().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(bytes(content));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "../outside.bin,0,8,outside the model's folder",
    "/etc/hostname,0,8,outside the model's folder",
    "data/../../outside.bin,0,8,outside the model's folder",
    "link.bin,0,8,a link that leads outside",
    "absent.bin,0,8,is not there",
    "w.bin,4,8,which has 10",
    "w.bin,0,12,needs 8 bytes",
    "w.bin,-1,8,is no size",
    "w.bin,9223372036854775807,8,which has 10",
    "w.bin,four,8,is no size",
    "'',0,8,does not say in which",
    ".,0,8,is not there",
  })
  void placesThatAreRefused(String location, String offset, String length, String why)
      throws IOException {
    Files.write(folder.resolve("w.bin"), new byte[10]);
    Path outside = Files.createTempFile("outside", ".bin");
    Files.write(outside, new byte[8]);
    Files.createSymbolicLink(folder.resolve("link.bin"), outside);
    TestModel test = TestModel.of(18).in("x", F, 2);
    adding(
        test,
        external(test.random(F, 2), "location", location, "offset", offset, "length", length)
            .build());
    Path file = write(test);
    assertThatThrownBy(() -> OnnxReader.read(file, List.of()))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("'w'")
        .hasMessageContaining(why);
    Files.delete(outside);
  }

  @Test
  void shapesAndDataThatDoNotAgree() throws IOException {
    TestModel sample = TestModel.of(18);
    TensorMessage good = TestModel.message("w", sample.random(F, 2, 3));
    List<TensorMessage.Builder> bad =
        List.of(
            good.toBuilder().setDims(0, 4),
            good.toBuilder().setDims(0, -2),
            good.toBuilder().setDims(0, Long.MAX_VALUE).setDims(1, Long.MAX_VALUE),
            good.toBuilder().setDims(0, 1L << 62).setDims(1, 0),
            good.toBuilder().setRawData(ByteString.copyFrom(new byte[23])),
            good.toBuilder().clearRawData().addFloatData(1),
            good.toBuilder().setDataType(8),
            good.toBuilder().setDataType(17),
            good.toBuilder().setDataType(99),
            good.toBuilder().setDataLocation(1));
    for (TensorMessage.Builder tensor : bad) {
      Path file = write(adding(TestModel.of(18).in("x", F, 2, 3), tensor.build()));
      assertThatThrownBy(() -> OnnxReader.read(file, List.of()))
          .as(tensor.toString())
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("'w'");
    }
    TensorMessage.Builder deep = TensorMessage.newBuilder().setName("w").setDataType(1);
    for (int i = 0; i < 100; i++) {
      deep.addDims(1);
    }
    deep.setRawData(ByteString.copyFrom(new byte[4]));
    Path file = write(adding(TestModel.of(18).in("x", F, 2, 3), deep.build()));
    assertThatThrownBy(() -> OnnxReader.read(file, List.of()))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("100 dimensions");
  }

  /** {@code scale} is a number in the first product and a tensor in the concatenation. */
  private static TestModel usingTwice() {
    TestModel test = TestModel.of(17).in("x", F, 3);
    test.init("scale", test.floats(2)).init("shift", test.floats(3)).init("bias", F, 3);
    return test.node("Mul", "x scale", "scaled")
        .node("Add", "scaled bias", "shifted")
        .node("Concat", "shifted scale shift", "y", TestModel.attr("axis", 0))
        .out("y", F);
  }

  @Test
  void whatIsBothNumberAndTensorIsSettled() throws IOException {
    try (ImportedModel model = OnnxReader.read(write(usingTwice()), List.of())) {
      assertThat(model.graph().weights().values())
          .extracting(Weight::name)
          .containsExactlyInAnyOrder("scale", "shift", "bias");
      assertThat(model.settled()).containsExactly("scale");
    }
  }

  @Test
  void aCheckpointCannotReplaceHalfOfATensor() throws IOException {
    TestModel test = usingTwice();
    Path weights = folder.resolve("weights.safetensors");
    Map<String, NativeTensor> others = new LinkedHashMap<>();
    others.put("shift", test.floats(5));
    others.put("bias", test.floats(5, 6, 7));
    others.put("scale", test.floats(5));
    Safetensors.write(weights, others, Map.of());
    Path file = write(test);
    assertThatThrownBy(() -> WeightBinding.bind(OnnxReader.read(file, List.of()), weights))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("have become part of the graph: scale. Export");
  }
}
