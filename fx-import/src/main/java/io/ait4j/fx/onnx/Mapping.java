package io.ait4j.fx.onnx;

import java.util.List;

/** What an ONNX operator means in terms of ATen. */
@FunctionalInterface
interface Mapping {
  /** Emits it; the results stand for the node's outputs, of which the last ones may be missing. */
  List<OnnxValue> apply(OnnxCall call);
}
