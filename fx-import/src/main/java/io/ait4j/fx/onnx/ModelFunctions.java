package io.ait4j.fx.onnx;

import io.ait4j.fx.onnx.proto.FunctionMessage;
import io.ait4j.fx.onnx.proto.NodeMessage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The operators that a model defines itself. */
final class ModelFunctions {
  private record Key(String domain, String name, String overload) {}

  private final Map<Key, FunctionMessage> functions = new HashMap<>();

  ModelFunctions(List<FunctionMessage> all) {
    for (FunctionMessage f : all) {
      functions.put(new Key(f.getDomain(), f.getName(), f.getOverload()), f);
    }
  }

  /** The function that a node calls; empty if it is an operator. */
  Optional<FunctionMessage> find(NodeMessage node) {
    return Optional.ofNullable(
        functions.get(new Key(node.getDomain(), node.getOpType(), node.getOverload())));
  }
}
