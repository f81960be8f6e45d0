package io.ait4j.fx.onnx;

import com.google.protobuf.ByteString;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.onnx.StoredTensor.Source;
import io.ait4j.fx.onnx.proto.TensorMessage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the data of a model's tensors: slices of the mapped file wherever elements are aligned in
 * it, and copies where they are not.
 */
final class OnnxTensors implements AutoCloseable {
  private static final int MAX_RANK = 64;

  private final FileChannel channel;
  private final MemorySegment mapped;
  private final Arena arena;
  private final AlignedCopies copies;
  private final ExternalData external;

  OnnxTensors(Path file, FileChannel channel, MemorySegment mapped, Arena arena) {
    this.channel = channel;
    this.mapped = mapped;
    this.arena = arena;
    this.copies = new AlignedCopies(arena);
    this.external = new ExternalData(file, arena, copies);
  }

  Arena arena() {
    return arena;
  }

  /**
   * Checks a tensor's type and where its data lie, without touching them.
   *
   * @throws ModelException (IMPORT) naming the tensor and what does not fit
   */
  StoredTensor describe(TensorMessage message, String name, boolean isInitializer) {
    DType dtype = ElementTypes.dtype(message.getDataType(), "tensor '" + name + "'");
    long bytes = dtype.bytes();
    List<Dim> shape = new ArrayList<>();
    for (long size : message.getDimsList()) {
      if (size < 0) {
        throw invalid(name, "it has a dimension of size " + size);
      }
      shape.add(Dim.of(size));
      try {
        bytes = Math.multiplyExact(bytes, Math.max(1, size));
      } catch (ArithmeticException e) {
        throw invalid(
            name, "the product of its dimensions " + message.getDimsList() + " overflows");
      }
    }
    if (shape.size() > MAX_RANK) {
      throw invalid(name, "it has " + shape.size() + " dimensions, more than " + MAX_RANK);
    }
    TensorMeta meta = TensorMeta.contiguous(dtype, shape);
    long numel = meta.numel().value();
    if (message.getDataLocation() == 1) {
      return new StoredTensor(
          name, meta, external.find(message, name, numel * dtype.bytes()), isInitializer);
    }
    if (message.hasRawData()) {
      if (message.getRawData().size() != numel * dtype.bytes()) {
        throw invalid(
            name,
            "%s needs %d bytes, but it has %d"
                .formatted(meta, numel * dtype.bytes(), message.getRawData().size()));
      }
    } else if (TypedData.length(message, dtype) != numel) {
      throw invalid(
          name,
          "%s needs %d numbers, but it has %d"
              .formatted(meta, numel, TypedData.length(message, dtype)));
    }
    return new StoredTensor(name, meta, new Source.Inside(message), isInitializer);
  }

  /** The elements in native memory, aligned to their size. */
  MemorySegment data(StoredTensor tensor) {
    long bytes = tensor.bytes();
    if (bytes == 0) {
      return MemorySegment.NULL;
    }
    int alignment = tensor.meta().dtype().bytes();
    return switch (tensor.source()) {
      case Source.Outside(Path file, long offset) -> external.data(file, offset, bytes, alignment);
      case Source.Inside(TensorMessage message) when message.hasRawData() ->
          raw(message.getRawData(), alignment);
      case Source.Inside(TensorMessage message) -> {
        MemorySegment copy = arena.allocate(bytes, alignment);
        TypedData.write(message, tensor.meta().dtype(), copy);
        yield copy.asReadOnly();
      }
    };
  }

  private MemorySegment raw(ByteString bytes, int alignment) {
    ByteBuffer buffer = bytes.asReadOnlyByteBuffer();
    MemorySegment data = MemorySegment.ofBuffer(buffer);
    boolean inFile = data.isNative() && mapped.asOverlappingSlice(data).isPresent();
    if (inFile && data.address() % alignment == 0) {
      return mapped.asSlice(data.address() - mapped.address(), data.byteSize());
    }
    if (inFile) {
      return copies.copy(channel, data.address() - mapped.address(), data.byteSize(), alignment);
    }
    return arena.allocate(data.byteSize(), alignment).copyFrom(data).asReadOnly();
  }

  static ModelException invalid(String name, String problem) {
    return new ModelException(
        ModelException.Kind.IMPORT,
        "tensor '%s' is not valid: %s; export the model anew".formatted(name, problem));
  }

  @Override
  public void close() {
    external.close();
    copies.close();
    try {
      channel.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
