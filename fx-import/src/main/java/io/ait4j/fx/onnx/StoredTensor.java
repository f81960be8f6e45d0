package io.ait4j.fx.onnx;

import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.onnx.proto.TensorMessage;
import java.nio.file.Path;

/**
 * A tensor of the file, checked but not yet looked at.
 *
 * @param name the initialiser's, or of the value that a Constant yields
 * @param meta row-major, of constant sizes
 * @param isInitializer whether it is one of the graph's initialisers
 */
record StoredTensor(String name, TensorMeta meta, Source source, boolean isInitializer) {
  /** Where its elements lie. */
  sealed interface Source {
    /** In the message: its raw bytes, or the list that goes with its type. */
    record Inside(TensorMessage message) implements Source {}

    /** In another file. */
    record Outside(Path file, long offset) implements Source {}
  }

  long bytes() {
    return meta.numel().value() * meta.dtype().bytes();
  }
}
