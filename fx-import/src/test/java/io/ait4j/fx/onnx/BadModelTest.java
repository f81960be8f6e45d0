package io.ait4j.fx.onnx;

import static io.ait4j.fx.onnx.TestModel.attr;
import static io.ait4j.fx.onnx.TestModel.ints;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.DType;
import io.ait4j.fx.ImportedModel;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.onnx.proto.OperatorSetMessage;
import io.ait4j.fx.onnx.proto.SparseTensorMessage;
import io.ait4j.fx.onnx.proto.TensorMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that are not valid, or hold what is not supported: one clear error each. */
class BadModelTest {
  private static final DType F = DType.FLOAT32;

  @TempDir Path folder;

  private static TestModel network() {
    TestModel test = TestModel.of(18).in("x", F, 1, 2, 6, 6);
    test.init("k", F, 4, 2, 3, 3).init("b", F, 4).init("s", test.longs(1, -1));
    test.init("i", test.scalar(DType.INT64, 0)).init("zero", test.longs(0));
    test.node("Conv", "x k b", "c", ints("pads", 1, 1, 1, 1)).node("Relu", "c", "r");
    test.node("MaxPool", "r", "p", ints("kernel_shape", 2, 2), ints("strides", 2, 2));
    test.node("Shape", "p", "shape")
        .node("Gather", "shape i", "n")
        .node("Unsqueeze", "n zero", "u");
    test.node("Concat", "u last", "to", attr("axis", 0)).init("last", test.longs(-1));
    test.node("Reshape", "p to", "f").init("w", F, 36, 5);
    test.node("Gemm", "f w", "y").node("Softmax", "y", "z", attr("axis", 1));
    return test.out("z", F);
  }

  private void refused(TestModel test, String... parts) {
    assertThat(Peer.refusal(test)).isInstanceOf(ModelException.class);
    for (String part : parts) {
      assertThat(Peer.refusal(test)).hasMessageContaining(part);
    }
  }

  @Test
  void theNetworkItselfIsFine() {
    Peer.check(network(), 5e-6);
  }

  @Test
  void danglingNames() {
    TestModel test = network();
    test.graph.getNodeBuilder(1).setInput(0, "nowhere");
    refused(test, "node_r (Relu)", "'nowhere'", "no input, initialiser or earlier node");
    TestModel output = network();
    output.graph.getOutputBuilder(0).setName("absent");
    refused(output, "'absent'");
  }

  @Test
  void cyclesAndNodesOutOfOrder() {
    TestModel test = network();
    test.graph.getNodeBuilder(0).setInput(0, "z");
    refused(test, "node_c (Conv)", "'z'");
  }

  @Test
  void namesTwice() {
    TestModel test = network();
    test.graph.getNodeBuilder(1).setOutput(0, "c");
    refused(test, "two values are called 'c'");
    TestModel weights = network();
    weights.init("k", F, 2);
    refused(weights, "two values are called 'k'");
  }

  @Test
  void allUnknownOperatorsAtOnce() {
    TestModel test = network();
    test.node("Frobnicate", "z", "a").node("Foo", "z", "b").node("Frobnicate", "z", "d");
    test.graph.getNodeBuilder(test.graph.getNodeCount() - 2).setDomain("com.example");
    test.model.addOpsetImport(
        OperatorSetMessage.newBuilder().setDomain("com.example").setVersion(3));
    refused(
        test,
        "Frobnicate (domain '', version 18) at node 'node_a'",
        "Foo (domain 'com.example', version 3) at node 'node_b'");
  }

  @ParameterizedTest
  @ValueSource(longs = {9, 23, 1000})
  void otherOperatorSets(long version) {
    TestModel test = TestModel.of(version).in("x", F, 2).node("Relu", "x", "y").out("y", F);
    refused(test, "operator set " + version, "13 to 22");
  }

  @Test
  void sizesOfInputs() {
    TestModel test = network();
    test.graph
        .getInputBuilder(0)
        .getTypeBuilder()
        .getTensorTypeBuilder()
        .setShape(TestModel.shape("1,-3"));
    refused(test, "-3", "'x'");
    TestModel other = network();
    other.graph.getInputBuilder(0).clearType();
    refused(other, "'x' is not a tensor");
  }

  @Test
  void attributesOfTheWrongType() {
    TestModel test = network();
    test.graph.getNodeBuilder(2).getAttributeBuilder(0).setType(2);
    refused(test, "node_p (MaxPool)", "kernel_shape");
  }

  @Test
  void absurdAttributes() {
    TestModel huge = network();
    huge.graph.getNodeBuilder(0).getAttributeBuilder(0).setInts(0, Long.MAX_VALUE);
    refused(huge, "node_c (Conv)");
    TestModel zero = network();
    zero.graph.getNodeBuilder(2).getAttributeBuilder(1).setInts(0, 0);
    refused(zero, "node_p (MaxPool)", "positive");
  }

  @Test
  void filesThatAreNoModels() throws IOException {
    Path absent = folder.resolve("absent.onnx");
    assertThatThrownBy(() -> OnnxReader.read(absent, List.of()))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("no such file");
    for (byte[] content : new byte[][] {{}, {1, 2, 3}, new byte[1000], "hello".getBytes()}) {
      Path file = folder.resolve("bad.onnx");
      Files.write(file, content);
      assertThatThrownBy(() -> OnnxReader.read(file, List.of()))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("bad.onnx");
    }
  }

  @Test
  void filesThatProtobufCannotHold() throws IOException {
    Path file = folder.resolve("large.onnx");
    try (FileChannel sparse =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      sparse.write(ByteBuffer.wrap(new byte[1]), 1L << 31);
    }
    assertThatThrownBy(() -> OnnxReader.read(file, List.of()))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("large.onnx")
        .hasMessageContaining("external data");
  }

  @Test
  void sparseWeights() {
    TestModel test = network();
    test.graph.addSparseInitializer(
        SparseTensorMessage.newBuilder()
            .setValues(TensorMessage.newBuilder().setName("thin").setDataType(1)));
    refused(test, "'thin' is sparse");
  }

  @Test
  void cutOffAnywhere() throws IOException {
    byte[] whole = network().build().toByteArray();
    Path file = folder.resolve("cut.onnx");
    for (int length = 0; length < whole.length; length += 1 + length / 40) {
      Files.write(file, java.util.Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> OnnxReader.read(file, List.of()))
          .as("cut at %d", length)
          .isInstanceOf(ModelException.class);
    }
  }

  /**
   * Whatever bytes are wrong: the model imports, or there is one error; never a hang or a crash.
   */
  @Test
  void mutations() throws IOException {
    byte[] whole = network().build().toByteArray();
    Random random = new Random(3);
    Path file = folder.resolve("mutant.onnx");
    int imported = 0;
    int refused = 0;
    for (int round = 0; round < 1500; round++) {
      byte[] bytes = whole.clone();
      for (int k = random.nextInt(1, 4); k > 0; k--) {
        int at = random.nextInt(bytes.length);
        bytes[at] =
            random.nextBoolean()
                ? (byte) (bytes[at] ^ 1 << random.nextInt(8))
                : (byte) random.nextInt(256);
      }
      Files.write(file, bytes);
      boolean fine =
          Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> imports(file));
      imported += fine ? 1 : 0;
      refused += fine ? 0 : 1;
    }
    assertThat(imported).isPositive();
    assertThat(refused).isPositive();
  }

  private static boolean imports(Path file) {
    try (ImportedModel model = OnnxReader.read(file, List.of())) {
      return true;
    } catch (ModelException e) {
      return false;
    }
  }
}
