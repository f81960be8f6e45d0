package io.ait4j.fx.export;

import java.util.List;

/**
 * One call, the file's {@code Node}.
 *
 * @param target {@code torch.ops.aten.add.Tensor}, {@code _operator.add}
 * @param outputs the names its results get
 * @param source where the user wrote it
 */
record ProgramNode(String target, List<Named> inputs, List<Argument> outputs, String source) {
  ProgramNode {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /**
   * @param name of the operator's parameter; empty if the operator has no schema
   */
  record Named(String name, Argument value) {}
}
