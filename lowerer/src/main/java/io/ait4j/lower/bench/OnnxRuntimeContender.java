package io.ait4j.lower.bench;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.ait4j.fx.DType;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An ONNX file in ONNX Runtime's CPU provider, all graph optimizations on (its default). */
final class OnnxRuntimeContender implements Contender {
  private final String name;
  private final OrtSession session;
  private final Map<String, OnnxTensor> inputs = new LinkedHashMap<>();

  OnnxRuntimeContender(String name, Path model, List<NativeTensor> inputs, int threads) {
    this.name = name;
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (var options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      session = environment.createSession(model.toString(), options);
      if (session.getInputNames().size() != inputs.size()) {
        throw new ModelException(
            ModelException.Kind.USAGE,
            model + " takes the inputs " + session.getInputNames() + ", not " + inputs.size());
      }
      int i = 0;
      for (String input : session.getInputNames()) {
        this.inputs.put(input, tensor(environment, inputs.get(i++)));
      }
    } catch (OrtException e) {
      throw new ModelException(
          ModelException.Kind.IMPORT, model + " does not load: " + e.getMessage(), e);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void restore() {} // an ONNX model writes to none

  @Override
  public void run() {
    try (OrtSession.Result result = session.run(inputs)) {
      // closing frees the outputs
    } catch (OrtException e) {
      throw new ModelException(ModelException.Kind.RUN, "ONNX Runtime: " + e.getMessage(), e);
    }
  }

  @Override
  public List<NativeTensor> outputs(Arena arena) {
    try (OrtSession.Result result = session.run(inputs)) {
      List<NativeTensor> outputs = new ArrayList<>();
      for (Map.Entry<String, OnnxValue> output : result) {
        outputs.add(copy((OnnxTensor) output.getValue(), arena));
      }
      return outputs;
    } catch (OrtException e) {
      throw new ModelException(ModelException.Kind.RUN, "ONNX Runtime: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    try {
      inputs.values().forEach(OnnxTensor::close);
      session.close();
    } catch (OrtException e) {
      throw new ModelException(ModelException.Kind.RUN, "ONNX Runtime: " + e.getMessage(), e);
    }
  }

  private static OnnxTensor tensor(OrtEnvironment environment, NativeTensor input)
      throws OrtException {
    ByteBuffer copy =
        ByteBuffer.allocateDirect((int) input.data().byteSize()).order(ByteOrder.nativeOrder());
    MemorySegment.ofBuffer(copy).copyFrom(input.data());
    return OnnxTensor.createTensor(environment, copy, input.sizes(), javaType(input.dtype()));
  }

  private static NativeTensor copy(OnnxTensor tensor, Arena arena) {
    MemorySegment values = MemorySegment.ofBuffer(tensor.getByteBuffer());
    MemorySegment data = arena.allocate(values.byteSize(), 64).copyFrom(values);
    return NativeTensor.contiguous(dtype(tensor.getInfo().type), tensor.getInfo().getShape(), data);
  }

  private static OnnxJavaType javaType(DType dtype) {
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
      case COMPLEX64, COMPLEX128 ->
          throw new ModelException(
              ModelException.Kind.USAGE, "ONNX Runtime for Java takes no " + dtype.torchName());
    };
  }

  private static DType dtype(OnnxJavaType type) {
    for (DType dtype : DType.values()) {
      if (!dtype.isComplex() && javaType(dtype) == type) {
        return dtype;
      }
    }
    throw new ModelException(ModelException.Kind.RUN, "ONNX Runtime returned " + type);
  }
}
