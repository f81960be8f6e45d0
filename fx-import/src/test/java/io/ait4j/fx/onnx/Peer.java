package io.ait4j.fx.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.ait4j.fx.DType;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.ImportedModel;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.onnx.proto.ModelMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Holds what we import of a model against ONNX Runtime, output by output. */
final class Peer {
  private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

  private Peer() {}

  /** Imports the model, runs it in libtorch and compares; the graph. */
  static FxGraph check(TestModel test) {
    return check(test, 2e-6);
  }

  /**
   * @param tolerance relative to the largest element of an output, for floating types
   */
  static FxGraph check(TestModel test, double tolerance) {
    return check(test, List.of(test.inputs), tolerance);
  }

  /** The same for several sets of inputs. */
  static FxGraph check(TestModel test, List<List<NativeTensor>> runs, double tolerance) {
    ModelMessage message = test.build();
    Path file = write(message);
    try (ImportedModel model = OnnxReader.read(file, test.specs)) {
      assertThat(model.graph().signature().outputNames())
          .isEqualTo(message.getGraph().getOutputList().stream().map(o -> o.getName()).toList());
      for (List<NativeTensor> inputs : runs) {
        compare(expected(message, inputs), GraphRun.of(model.graph(), inputs), tolerance);
      }
      return model.graph();
    } finally {
      delete(file);
    }
  }

  /** The graph, not run. */
  static FxGraph graph(TestModel test) {
    Path file = write(test.build());
    try (ImportedModel model = OnnxReader.read(file, test.specs)) {
      return model.graph();
    } finally {
      delete(file);
    }
  }

  /** The error of importing it. */
  static Throwable refusal(TestModel test) {
    Path file = write(test.build());
    try {
      return org.assertj.core.api.Assertions.catchThrowable(
          () -> OnnxReader.read(file, test.specs).close());
    } finally {
      delete(file);
    }
  }

  static Path write(ModelMessage message) {
    try {
      Path file = Files.createTempFile("model", ".onnx");
      Files.write(file, message.toByteArray());
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record Output(TensorMeta meta, double[] values) {}

  private static List<Output> expected(ModelMessage message, List<NativeTensor> inputs) {
    Map<String, OnnxTensor> named = new LinkedHashMap<>();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
      options.setIntraOpNumThreads(1);
      try (OrtSession session = ENVIRONMENT.createSession(message.toByteArray(), options)) {
        for (int i = 0; i < inputs.size(); i++) {
          named.put(message.getGraph().getInput(i).getName(), tensor(inputs.get(i)));
        }
        List<Output> outputs = new ArrayList<>();
        try (OrtSession.Result result = session.run(named)) {
          for (Map.Entry<String, ai.onnxruntime.OnnxValue> entry : result) {
            outputs.add(output((OnnxTensor) entry.getValue()));
          }
        }
        return outputs;
      }
    } catch (OrtException e) {
      throw new AssertionError(e);
    }
  }

  private static OnnxTensor tensor(NativeTensor content) throws OrtException {
    long bytes = content.numel() * content.dtype().bytes();
    return OnnxTensor.createTensor(
        ENVIRONMENT,
        content.data().asSlice(0, bytes).asByteBuffer().order(ByteOrder.nativeOrder()),
        content.sizes(),
        type(content.dtype()));
  }

  private static OnnxJavaType type(DType dtype) {
    return switch (dtype) {
      case FLOAT32 -> OnnxJavaType.FLOAT;
      case FLOAT64 -> OnnxJavaType.DOUBLE;
      case FLOAT16 -> OnnxJavaType.FLOAT16;
      case BFLOAT16 -> OnnxJavaType.BFLOAT16;
      case INT64 -> OnnxJavaType.INT64;
      case INT32 -> OnnxJavaType.INT32;
      case INT16 -> OnnxJavaType.INT16;
      case INT8 -> OnnxJavaType.INT8;
      case UINT8 -> OnnxJavaType.UINT8;
      case BOOL -> OnnxJavaType.BOOL;
      default -> throw new IllegalArgumentException(dtype.toString());
    };
  }

  private static Output output(OnnxTensor tensor) {
    DType dtype =
        Arrays.stream(DType.values())
            .filter(d -> !d.isComplex() && type(d) == tensor.getInfo().type)
            .findFirst()
            .orElseThrow();
    TensorMeta meta = TensorMeta.contiguous(dtype, tensor.getInfo().getShape());
    int n = (int) meta.numel().value();
    double[] values = new double[n];
    if (n > 0) {
      MemorySegment data = MemorySegment.ofBuffer(tensor.getByteBuffer());
      Arrays.setAll(values, i -> Values.get(dtype, data, i));
    }
    return new Output(meta, values);
  }

  private static void compare(
      List<Output> expected, List<GraphRun.Result> actual, double tolerance) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int k = 0; k < expected.size(); k++) {
      Output want = expected.get(k);
      GraphRun.Result got = actual.get(k);
      assertThat(got.meta().dtype()).as("type of output %d", k).isEqualTo(want.meta.dtype());
      assertThat(got.meta().shape()).as("shape of output %d", k).isEqualTo(want.meta.shape());
      double largest =
          Arrays.stream(want.values).filter(Double::isFinite).map(Math::abs).max().orElse(0);
      double allowed = want.meta.dtype().isFloating() ? tolerance * Math.max(1e-3, largest) : 0;
      for (int i = 0; i < want.values.length; i++) {
        double a = got.values()[i];
        double b = want.values[i];
        boolean same = a == b || Double.isNaN(a) && Double.isNaN(b) || Math.abs(a - b) <= allowed;
        assertThat(same).as("element %d of output %d is %s, not %s", i, k, a, b).isTrue();
      }
    }
  }
}
