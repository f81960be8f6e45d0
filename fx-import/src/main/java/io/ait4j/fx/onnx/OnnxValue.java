package io.ait4j.fx.onnx;

import io.ait4j.fx.Arg;
import io.ait4j.fx.TensorMeta;
import java.util.List;

/** What a name of an ONNX graph stands for while the graph is read. */
sealed interface OnnxValue {
  /** A tensor of the graph being made. */
  record Computed(Arg.Value arg, TensorMeta meta) implements OnnxValue {}

  /** A tensor of the file. */
  record Stored(StoredTensor tensor) implements OnnxValue {}

  /** A few numbers known at import, symbols among them; shapes above all. */
  record Known(KnownTensor tensor) implements OnnxValue {}

  /** A list of values, whose length is always known. */
  record Sequence(List<OnnxValue> elements) implements OnnxValue {
    public Sequence {
      elements = List.copyOf(elements);
    }
  }
}
