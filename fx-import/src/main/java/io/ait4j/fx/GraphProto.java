package io.ait4j.fx;

import com.google.protobuf.CodedInputStream;
import io.ait4j.fx.proto.AttributeMessage;
import io.ait4j.fx.proto.GraphMessage;
import io.ait4j.fx.proto.NodeMessage;
import io.ait4j.fx.proto.ValueMessage;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A graph as protobuf ({@code graph.proto}), and back. Weights are named and typed, not held. */
public final class GraphProto {
  /** Of messages in messages: deep enough for sizes of sizes, shallow enough for any stack. */
  private static final int DEPTH = 300;

  private GraphProto() {}

  /** The graph as a message; equal graphs give equal bytes. */
  public static GraphMessage toProto(FxGraph graph) {
    GraphMessage.Builder message = GraphMessage.newBuilder();
    graph.inputs().forEach(input -> message.addInputs(value(input)));
    graph.attributes().forEach(a -> message.addAttributes(attribute(graph, a)));
    graph.nodes().forEach(node -> message.addNodes(node(node)));
    graph.outputs().forEach(output -> message.addOutputs(ArgProto.toProto(output)));
    if (!graph.signature().equals(GraphSignature.NONE)) {
      message.setSignature(SignatureProto.toProto(graph.signature()));
    }
    return message.build();
  }

  /**
   * Reads what {@link #toProto} wrote.
   *
   * @param weights data of each weight, by the name of the attribute (or state input) it is bound
   *     to; null leaves the weight out, which is enough to look at the graph
   * @throws IllegalArgumentException if the bytes are not such a message, or say a graph whose
   *     parts do not belong together
   */
  public static FxGraph fromProto(byte[] bytes, Function<String, MemorySegment> weights) {
    FxGraph graph;
    try {
      CodedInputStream input = CodedInputStream.newInstance(bytes);
      input.setRecursionLimit(DEPTH);
      graph = fromProto(GraphMessage.parseFrom(input), weights);
    } catch (IOException e) {
      throw new IllegalArgumentException("no protobuf graph: " + e.getMessage(), e);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("a size that no tensor has: " + e.getMessage(), e);
    }
    WellFormed.check(graph);
    return graph;
  }

  private static FxGraph fromProto(GraphMessage message, Function<String, MemorySegment> weights) {
    List<FxValue> attributes = new ArrayList<>();
    Map<String, Weight> bound = new LinkedHashMap<>();
    for (AttributeMessage attribute : message.getAttributesList()) {
      FxValue value = value(attribute.getValue());
      attributes.add(value);
      MemorySegment data = weights.apply(value.name());
      if (data != null) {
        TensorMeta meta = MetaProto.tensor(attribute.getWeightMeta());
        bound.put(value.name(), new Weight(attribute.getWeight(), meta, data));
      }
    }
    return new FxGraph(
        message.getInputsList().stream().map(GraphProto::value).toList(),
        attributes,
        message.getNodesList().stream().map(node -> node(node, weights)).toList(),
        message.getOutputsList().stream().map(ArgProto::fromProto).toList(),
        bound,
        message.hasSignature()
            ? SignatureProto.fromProto(message.getSignature(), weights)
            : GraphSignature.NONE);
  }

  private static ValueMessage value(FxValue value) {
    return ValueMessage.newBuilder()
        .setName(value.name())
        .setMeta(MetaProto.toProto(value.meta()))
        .build();
  }

  private static FxValue value(ValueMessage message) {
    return new FxValue(message.getName(), MetaProto.fromProto(message.getMeta()));
  }

  private static AttributeMessage attribute(FxGraph graph, FxValue value) {
    AttributeMessage.Builder message = AttributeMessage.newBuilder().setValue(value(value));
    Weight weight = graph.weights().get(value.name());
    if (weight != null) {
      message.setWeight(weight.name()).setWeightMeta(MetaProto.tensor(weight.meta()));
    }
    return message.build();
  }

  private static NodeMessage node(FxNode node) {
    NodeMessage.Builder message =
        NodeMessage.newBuilder()
            .setName(node.name())
            .setTarget(node.target().toString())
            .setSource(node.source());
    node.args().forEach(arg -> message.addArgs(ArgProto.toProto(arg)));
    node.results().forEach(result -> message.addResults(value(result)));
    node.blocks().forEach(block -> message.addBlocks(toProto(block)));
    return message.build();
  }

  private static FxNode node(NodeMessage message, Function<String, MemorySegment> weights) {
    return new FxNode(
        message.getName(),
        OpTarget.parse(message.getTarget()),
        message.getArgsList().stream().map(ArgProto::fromProto).toList(),
        message.getResultsList().stream().map(GraphProto::value).toList(),
        message.getBlocksList().stream().map(block -> fromProto(block, weights)).toList(),
        message.getSource());
  }
}
