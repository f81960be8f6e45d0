package io.ait4j.fx.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.WholeFile;
import io.ait4j.fx.onnx.proto.ModelMessage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A model's file, mapped and parsed. The parsed message holds slices of the mapping where the file
 * has raw bytes, so that tensors never pass the Java heap.
 *
 * <p>{@link #release} lets go of the message and the open file; {@link #close} of the mapping, and
 * with it of every weight.
 */
final class OnnxFile implements AutoCloseable {
  /** Graphs nest in attributes; what real models do stays far below. */
  private static final int RECURSION = 200;

  private final Arena arena;
  private ModelMessage model;
  private OnnxTensors tensors;

  private OnnxFile(Arena arena, ModelMessage model, OnnxTensors tensors) {
    this.arena = arena;
    this.model = model;
    this.tensors = tensors;
  }

  /** Throws {@link ModelException} (IMPORT) naming the file if it is not an ONNX model. */
  static OnnxFile open(Path file) {
    Arena arena = Arena.ofShared();
    FileChannel channel = null;
    try {
      channel = FileChannel.open(file, StandardOpenOption.READ);
      long size = channel.size();
      if (size > Integer.MAX_VALUE) {
        throw invalid(
            file,
            "it has "
                + size
                + " bytes, but protobuf files end at 2 GB; export it with external data",
            null);
      }
      MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
      ModelMessage model = parse(mapped);
      if (!model.hasGraph() || model.getIrVersion() < 1) {
        throw invalid(file, "it holds no graph", null);
      }
      return new OnnxFile(arena, model, new OnnxTensors(file, channel, mapped, arena));
    } catch (InvalidProtocolBufferException e) {
      release(arena, channel);
      throw invalid(file, e.getMessage(), e);
    } catch (NoSuchFileException e) {
      release(arena, channel);
      throw new ModelException(ModelException.Kind.IMPORT, file + ": no such file", e);
    } catch (IOException e) {
      release(arena, channel);
      throw new ModelException(
          ModelException.Kind.IMPORT, file + " cannot be read: " + WholeFile.reason(e), e);
    } catch (RuntimeException e) {
      release(arena, channel);
      throw e;
    }
  }

  private static ModelMessage parse(MemorySegment mapped) throws IOException {
    ByteString bytes = UnsafeByteOperations.unsafeWrap(mapped.asByteBuffer());
    CodedInputStream input = bytes.newCodedInput();
    input.enableAliasing(true);
    input.setRecursionLimit(RECURSION);
    ModelMessage model = ModelMessage.parseFrom(input);
    input.checkLastTagWas(0);
    return model;
  }

  private static ModelException invalid(Path file, String why, Throwable cause) {
    return new ModelException(
        ModelException.Kind.IMPORT,
        file + " is not a valid ONNX model: " + why + "; export it anew",
        cause);
  }

  private static void release(Arena arena, FileChannel channel) {
    arena.close();
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  ModelMessage model() {
    return model;
  }

  OnnxTensors tensors() {
    return tensors;
  }

  /** Ends reading: weights stay, the message goes. */
  void release() {
    tensors.close();
    tensors = null;
    model = null;
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
