package io.ait4j.fx.onnx;

import com.google.protobuf.ByteString;
import io.ait4j.fx.DType;
import io.ait4j.fx.InputSpec;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.onnx.proto.AttributeMessage;
import io.ait4j.fx.onnx.proto.DimensionMessage;
import io.ait4j.fx.onnx.proto.GraphMessage;
import io.ait4j.fx.onnx.proto.ModelMessage;
import io.ait4j.fx.onnx.proto.NodeMessage;
import io.ait4j.fx.onnx.proto.OperatorSetMessage;
import io.ait4j.fx.onnx.proto.ShapeMessage;
import io.ait4j.fx.onnx.proto.TensorMessage;
import io.ait4j.fx.onnx.proto.TensorTypeMessage;
import io.ait4j.fx.onnx.proto.TypeMessage;
import io.ait4j.fx.onnx.proto.ValueInfoMessage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A small ONNX model being written, and tensors to run it with. */
final class TestModel {
  final GraphMessage.Builder graph = GraphMessage.newBuilder().setName("test");
  final ModelMessage.Builder model = ModelMessage.newBuilder().setIrVersion(8);
  final List<NativeTensor> inputs = new ArrayList<>();
  final List<InputSpec> specs = new ArrayList<>();
  private final Arena arena = Arena.ofAuto();
  private final Random random = new Random(7);

  TestModel(long opset) {
    model.addOpsetImport(OperatorSetMessage.newBuilder().setVersion(opset));
  }

  static TestModel of(long opset) {
    return new TestModel(opset);
  }

  /** An input of constant sizes with random content. */
  TestModel in(String name, DType dtype, long... sizes) {
    ShapeMessage.Builder shape = ShapeMessage.newBuilder();
    for (long size : sizes) {
      shape.addDim(DimensionMessage.newBuilder().setDimValue(size));
    }
    return in(name, random(dtype, sizes), shape);
  }

  /** An input with this content. */
  TestModel in(String name, NativeTensor content) {
    ShapeMessage.Builder shape = ShapeMessage.newBuilder();
    for (long size : content.sizes()) {
      shape.addDim(DimensionMessage.newBuilder().setDimValue(size));
    }
    return in(name, content, shape);
  }

  /** An input of named sizes, {@code dims} separated by commas. */
  TestModel dynamic(String name, String dims, NativeTensor content) {
    return in(name, content, shape(dims));
  }

  static ShapeMessage.Builder shape(String dims) {
    ShapeMessage.Builder shape = ShapeMessage.newBuilder();
    for (String dim : dims.split(",")) {
      shape.addDim(
          dim.matches("-?\\d+")
              ? DimensionMessage.newBuilder().setDimValue(Long.parseLong(dim))
              : DimensionMessage.newBuilder().setDimParam(dim));
    }
    return shape;
  }

  private TestModel in(String name, NativeTensor content, ShapeMessage.Builder shape) {
    inputs.add(content);
    graph.addInput(info(name, content.dtype(), shape));
    return this;
  }

  static ValueInfoMessage.Builder info(String name, DType dtype, ShapeMessage.Builder shape) {
    TensorTypeMessage.Builder type = TensorTypeMessage.newBuilder().setElemType(code(dtype));
    if (shape != null) {
      type.setShape(shape);
    }
    return ValueInfoMessage.newBuilder()
        .setName(name)
        .setType(TypeMessage.newBuilder().setTensorType(type));
  }

  /** What the user says of an input's sizes. */
  TestModel spec(InputSpec spec) {
    specs.add(spec);
    return this;
  }

  TestModel init(String name, NativeTensor content) {
    graph.addInitializer(message(name, content));
    return this;
  }

  /** Random weights. */
  TestModel init(String name, DType dtype, long... sizes) {
    return init(name, random(dtype, sizes));
  }

  static TensorMessage message(String name, NativeTensor content) {
    TensorMessage.Builder tensor =
        TensorMessage.newBuilder().setName(name).setDataType(code(content.dtype()));
    for (long size : content.sizes()) {
      tensor.addDims(size);
    }
    long bytes = content.numel() * content.dtype().bytes();
    return tensor
        .setRawData(
            ByteString.copyFrom(content.data().asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE)))
        .build();
  }

  /** Names separated by spaces; {@code -} stands for an input left out. */
  TestModel node(String operator, String from, String to, AttributeMessage... attributes) {
    graph.addNode(nodeOf(operator, from, to, attributes));
    return this;
  }

  static NodeMessage nodeOf(
      String operator, String from, String to, AttributeMessage... attributes) {
    NodeMessage.Builder node =
        NodeMessage.newBuilder().setOpType(operator).setName("node_" + to.split(" ")[0]);
    for (String input : from.isEmpty() ? new String[0] : from.split(" ")) {
      node.addInput(input.equals("-") ? "" : input);
    }
    for (String output : to.split(" ")) {
      node.addOutput(output.equals("-") ? "" : output);
    }
    for (AttributeMessage attribute : attributes) {
      node.addAttribute(attribute);
    }
    return node.build();
  }

  TestModel out(String name, DType dtype) {
    graph.addOutput(info(name, dtype, null));
    return this;
  }

  ModelMessage build() {
    return model.setGraph(graph).build();
  }

  NativeTensor random(DType dtype, long... sizes) {
    int n = (int) java.util.Arrays.stream(sizes).reduce(1, Math::multiplyExact);
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] =
          switch (dtype) {
            case BOOL -> random.nextInt(2);
            case UINT8 -> random.nextInt(7);
            case INT8, INT16, INT32, INT64 -> random.nextInt(13) - 6;
            default -> Math.clamp(random.nextGaussian() * 1.5, -6, 6);
          };
    }
    return tensor(dtype, sizes, values);
  }

  NativeTensor tensor(DType dtype, long[] sizes, double... values) {
    MemorySegment data = arena.allocate(Math.max(1, values.length * (long) dtype.bytes()), 16);
    for (int i = 0; i < values.length; i++) {
      Values.set(dtype, data, i, values[i]);
    }
    return NativeTensor.contiguous(dtype, sizes, data);
  }

  NativeTensor longs(long... values) {
    return tensor(
        DType.INT64,
        new long[] {values.length},
        java.util.Arrays.stream(values).asDoubleStream().toArray());
  }

  NativeTensor floats(double... values) {
    return tensor(DType.FLOAT32, new long[] {values.length}, values);
  }

  NativeTensor scalar(DType dtype, double value) {
    return tensor(dtype, new long[0], value);
  }

  static AttributeMessage attr(String name, long value) {
    return AttributeMessage.newBuilder().setName(name).setType(2).setI(value).build();
  }

  static AttributeMessage attr(String name, double value) {
    return AttributeMessage.newBuilder().setName(name).setType(1).setF((float) value).build();
  }

  static AttributeMessage attr(String name, String value) {
    return AttributeMessage.newBuilder()
        .setName(name)
        .setType(3)
        .setS(ByteString.copyFromUtf8(value))
        .build();
  }

  static AttributeMessage ints(String name, long... values) {
    AttributeMessage.Builder attribute = AttributeMessage.newBuilder().setName(name).setType(7);
    for (long value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }

  static AttributeMessage attr(String name, GraphMessage value) {
    return AttributeMessage.newBuilder().setName(name).setType(5).setG(value).build();
  }

  static AttributeMessage attr(String name, NativeTensor value) {
    return AttributeMessage.newBuilder().setName(name).setType(4).setT(message("", value)).build();
  }

  static int code(DType dtype) {
    return switch (dtype) {
      case FLOAT32 -> 1;
      case UINT8 -> 2;
      case INT8 -> 3;
      case INT16 -> 5;
      case INT32 -> 6;
      case INT64 -> 7;
      case BOOL -> 9;
      case FLOAT16 -> 10;
      case FLOAT64 -> 11;
      case COMPLEX64 -> 14;
      case COMPLEX128 -> 15;
      case BFLOAT16 -> 16;
    };
  }
}
