package io.ait4j.fx.onnx;

import io.ait4j.fx.onnx.proto.NodeMessage;
import java.util.List;

/**
 * A node of an ONNX graph.
 *
 * @param label its name and operator, for messages and as the source of what it becomes
 * @param version of its domain's operators
 */
record OnnxNode(
    String label,
    String operator,
    String domain,
    long version,
    List<String> inputs,
    List<String> outputs,
    Attributes attributes) {

  static OnnxNode of(NodeMessage message, OnnxOpsets opsets, Attributes enclosing) {
    return new OnnxNode(
        label(message),
        message.getOpType(),
        OnnxOpsets.domain(message.getDomain()),
        opsets.version(message.getDomain()),
        message.getInputList(),
        message.getOutputList(),
        Attributes.of(message, enclosing));
  }

  private static String label(NodeMessage message) {
    String name =
        !message.getName().isEmpty() || message.getOutputCount() == 0
            ? message.getName()
            : message.getOutput(0);
    return name + " (" + message.getOpType() + ")";
  }

  /** Whether somebody may read output {@code i}. */
  boolean yields(int i) {
    return i < outputs.size() && !outputs.get(i).isEmpty();
  }
}
