package io.ait4j.fx.export;

import java.util.List;
import java.util.Map;

/**
 * The file's {@code Graph}.
 *
 * @param tensors the type of each tensor by its name
 * @param ints what each symbolic integer is by its name
 * @param bools what each symbolic truth value is by its name
 */
record ProgramGraph(
    List<Argument> inputs,
    List<Argument> outputs,
    List<ProgramNode> nodes,
    Map<String, TensorType> tensors,
    Map<String, Size> ints,
    Map<String, Size> bools) {
  ProgramGraph {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    nodes = List.copyOf(nodes);
    tensors = Map.copyOf(tensors);
    ints = Map.copyOf(ints);
    bools = Map.copyOf(bools);
  }
}
