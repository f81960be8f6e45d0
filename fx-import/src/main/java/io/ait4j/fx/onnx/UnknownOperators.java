package io.ait4j.fx.onnx;

import io.ait4j.fx.ModelException;
import io.ait4j.fx.onnx.proto.AttributeMessage;
import io.ait4j.fx.onnx.proto.FunctionMessage;
import io.ait4j.fx.onnx.proto.GraphMessage;
import io.ait4j.fx.onnx.proto.NodeMessage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Finds every operator that we have no mapping for, before anything else is done with a model. */
final class UnknownOperators {
  private final ModelFunctions functions;
  private final Map<String, String> unknown = new TreeMap<>();
  private final Set<FunctionMessage> seen =
      java.util.Collections.newSetFromMap(new java.util.IdentityHashMap<>());

  private UnknownOperators(ModelFunctions functions) {
    this.functions = functions;
  }

  /** Throws {@link ModelException} (IMPORT) naming all of them, each with a node that uses it. */
  static void check(GraphMessage graph, OnnxOpsets opsets, ModelFunctions functions) {
    UnknownOperators search = new UnknownOperators(functions);
    search.look(graph.getNodeList(), opsets);
    if (!search.unknown.isEmpty()) {
      throw new ModelException(
          ModelException.Kind.IMPORT,
          "the model uses ONNX operators that are not supported: %s; export it without them"
              .formatted(String.join(", ", search.unknown.values())));
    }
  }

  private void look(List<NodeMessage> nodes, OnnxOpsets opsets) {
    for (NodeMessage node : nodes) {
      Optional<FunctionMessage> function = functions.find(node);
      if (function.isPresent()) {
        if (seen.add(function.get())) {
          look(function.get().getNodeList(), OnnxOpsets.of(function.get().getOpsetImportList()));
        }
      } else if (!isKnown(node)) {
        String domain = OnnxOpsets.domain(node.getDomain());
        String name =
            "%s (domain '%s', version %d)"
                .formatted(node.getOpType(), domain, opsets.version(domain));
        unknown.putIfAbsent(name, name + " at node '" + node.getName() + "'");
      }
      for (AttributeMessage attribute : node.getAttributeList()) {
        if (attribute.hasG()) {
          look(attribute.getG().getNodeList(), opsets);
        }
      }
    }
  }

  private static boolean isKnown(NodeMessage node) {
    return OnnxOpsets.domain(node.getDomain()).equals(OnnxOpsets.STANDARD)
        && (OperatorTable.find(node.getOpType()).isPresent()
            || ControlFlow.OPERATORS.contains(node.getOpType()));
  }
}
