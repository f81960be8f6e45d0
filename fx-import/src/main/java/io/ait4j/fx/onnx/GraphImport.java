package io.ait4j.fx.onnx;

import io.ait4j.fx.ModelException;
import io.ait4j.fx.onnx.proto.FunctionMessage;
import io.ait4j.fx.onnx.proto.GraphMessage;
import io.ait4j.fx.onnx.proto.NodeMessage;
import io.ait4j.fx.onnx.proto.TensorMessage;
import io.ait4j.fx.onnx.proto.ValueInfoMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Goes through a graph's nodes in order and maps each; graphs in attributes and functions too. */
final class GraphImport {
  /** Functions that call each other; a model in which they go round in circles ends here. */
  private static final int MAX_DEPTH = 64;

  /** Functions and loops repeat nodes; a small file could ask for more than fits in memory. */
  private static final int MAX_NODES = 200_000;

  private final Emission out;
  private final ModelFunctions functions;
  private final ControlFlow control = new ControlFlow(this);
  private int depth;
  private int count;

  GraphImport(Emission out, ModelFunctions functions) {
    this.out = out;
    this.functions = functions;
  }

  /** Of a block in this one's graph. */
  GraphImport within(Emission block) {
    GraphImport inner = new GraphImport(block, functions);
    inner.depth = depth;
    inner.count = count;
    return inner;
  }

  /** Makes the file's tensors known by their names. */
  void defineInitializers(GraphMessage graph, Scope scope) {
    if (graph.getSparseInitializerCount() > 0) {
      throw new ModelException(
          ModelException.Kind.IMPORT,
          "tensor '%s' is sparse, which is not supported; export it dense"
              .formatted(graph.getSparseInitializer(0).getValues().getName()));
    }
    for (TensorMessage tensor : graph.getInitializerList()) {
      scope.define(
          tensor.getName(),
          new OnnxValue.Stored(out.tensors().describe(tensor, tensor.getName(), true)),
          "the initialisers");
    }
  }

  /** Maps all nodes; the graph's outputs. Inputs and initialisers are defined already. */
  List<OnnxValue> run(GraphMessage graph, OnnxOpsets opsets, Scope scope) {
    return run(graph, opsets, scope, Attributes.none());
  }

  /** The same for a graph in an attribute, whose inputs are defined. */
  List<OnnxValue> block(GraphMessage graph, OnnxOpsets opsets, Scope scope, Attributes enclosing) {
    deeper();
    defineInitializers(graph, scope);
    List<OnnxValue> outputs = run(graph, opsets, scope, enclosing);
    depth--;
    return outputs;
  }

  private void deeper() {
    if (++depth > MAX_DEPTH) {
      throw new ModelException(
          ModelException.Kind.IMPORT,
          "functions and branches nest more than " + MAX_DEPTH + " deep; export the model anew");
    }
  }

  private List<OnnxValue> run(
      GraphMessage graph, OnnxOpsets opsets, Scope scope, Attributes enclosing) {
    nodes(graph.getNodeList(), opsets, scope, enclosing);
    List<OnnxValue> outputs = new ArrayList<>();
    for (ValueInfoMessage output : graph.getOutputList()) {
      outputs.add(scope.get(output.getName(), "the graph's output list"));
    }
    return outputs;
  }

  private void nodes(
      List<NodeMessage> nodes, OnnxOpsets opsets, Scope scope, Attributes enclosing) {
    for (NodeMessage message : nodes) {
      if (++count > MAX_NODES) {
        throw new ModelException(
            ModelException.Kind.IMPORT,
            "functions and loops repeat nodes more than " + MAX_NODES + " times; unroll fewer");
      }
      OnnxNode node = OnnxNode.of(message, opsets, enclosing);
      List<OnnxValue> results;
      try {
        results = map(message, node, opsets, scope);
      } catch (ModelException e) {
        throw e.getMessage().contains(node.label())
            ? e
            : new ModelException(e.kind(), node.label() + ": " + e.getMessage(), e);
      } catch (RuntimeException e) {
        throw new ModelException(
            ModelException.Kind.IMPORT, node.label() + " is not valid: " + e.getMessage(), e);
      }
      for (int i = 0; i < node.outputs().size(); i++) {
        if (i >= results.size() && node.yields(i)) {
          throw new ModelException(
              ModelException.Kind.IMPORT,
              "%s: its output '%s' is not supported"
                  .formatted(node.label(), node.outputs().get(i)));
        }
        if (node.yields(i)) {
          scope.define(node.outputs().get(i), results.get(i), node.label());
        }
      }
    }
  }

  private List<OnnxValue> map(NodeMessage message, OnnxNode node, OnnxOpsets opsets, Scope scope) {
    List<OnnxValue> inputs = new ArrayList<>();
    for (String name : node.inputs()) {
      inputs.add(name.isEmpty() ? null : scope.get(name, node.label()));
    }
    Optional<FunctionMessage> function = functions.find(message);
    if (function.isPresent()) {
      return call(function.get(), node, inputs);
    }
    OnnxCall call = new OnnxCall(out, node, inputs);
    if (ControlFlow.OPERATORS.contains(node.operator())) {
      return control.run(call, opsets, scope);
    }
    Mapping mapping =
        OperatorTable.find(node.operator())
            .orElseThrow(() -> call.error("operator " + node.operator() + " is not supported"));
    return Folding.fold(call).orElseGet(() -> mapping.apply(call));
  }

  private List<OnnxValue> call(FunctionMessage function, OnnxNode node, List<OnnxValue> inputs) {
    deeper();
    Scope scope = new Scope(null);
    for (int i = 0; i < function.getInputCount(); i++) {
      if (i < inputs.size() && inputs.get(i) != null) {
        scope.define(function.getInput(i), inputs.get(i), "the function's inputs");
      }
    }
    nodes(
        function.getNodeList(),
        OnnxOpsets.of(function.getOpsetImportList()),
        scope,
        node.attributes().or(function.getAttributeProtoList()));
    depth--;
    return function.getOutputList().stream().map(name -> scope.get(name, node.label())).toList();
  }
}
