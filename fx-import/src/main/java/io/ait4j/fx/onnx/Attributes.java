package io.ait4j.fx.onnx;

import io.ait4j.fx.ModelException;
import io.ait4j.fx.onnx.proto.AttributeMessage;
import io.ait4j.fx.onnx.proto.GraphMessage;
import io.ait4j.fx.onnx.proto.NodeMessage;
import io.ait4j.fx.onnx.proto.TensorMessage;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A node's attributes by name; each access checks the type. Throws {@link ModelException} (IMPORT)
 * naming the attribute where it is not what the operator wants.
 */
final class Attributes {
  private static final int FLOAT = 1;
  private static final int INT = 2;
  private static final int STRING = 3;
  private static final int TENSOR = 4;
  private static final int GRAPH = 5;
  private static final int FLOATS = 6;
  private static final int INTS = 7;
  private static final int STRINGS = 8;

  private final Map<String, AttributeMessage> byName;

  private final Attributes enclosing;

  private Attributes(Map<String, AttributeMessage> byName, Attributes enclosing) {
    this.byName = byName;
    this.enclosing = enclosing;
  }

  /**
   * @param enclosing attributes of the function's call that the node is in, to which its own may
   *     refer
   */
  static Attributes of(NodeMessage node, Attributes enclosing) {
    Map<String, AttributeMessage> byName = new HashMap<>();
    for (AttributeMessage attribute : node.getAttributeList()) {
      if (attribute.getRefAttrName().isEmpty()) {
        byName.put(attribute.getName(), attribute);
      } else {
        AttributeMessage value = enclosing.byName.get(attribute.getRefAttrName());
        if (value != null) {
          byName.put(attribute.getName(), value);
        }
      }
    }
    return new Attributes(byName, enclosing);
  }

  static Attributes none() {
    return new Attributes(Map.of(), null);
  }

  /** These, and of {@code defaults} those that are not among them. */
  Attributes or(List<AttributeMessage> defaults) {
    Map<String, AttributeMessage> all = new HashMap<>();
    defaults.forEach(d -> all.put(d.getName(), d));
    all.putAll(byName);
    return new Attributes(all, null);
  }

  /** What attributes of nodes in this node's graphs may refer to. */
  Attributes enclosing() {
    return enclosing;
  }

  boolean has(String name) {
    return byName.containsKey(name);
  }

  long integer(String name, long otherwise) {
    return find(name, INT).map(AttributeMessage::getI).orElse(otherwise);
  }

  boolean flag(String name, boolean otherwise) {
    return integer(name, otherwise ? 1 : 0) != 0;
  }

  double real(String name, double otherwise) {
    return find(name, FLOAT).map(a -> (double) a.getF()).orElse(otherwise);
  }

  String text(String name, String otherwise) {
    return find(name, STRING).map(a -> a.getS().toString(StandardCharsets.UTF_8)).orElse(otherwise);
  }

  /** None if there is no such attribute. */
  List<String> texts(String name) {
    return find(name, STRINGS)
        .map(a -> a.getStringsList().stream().map(b -> b.toString(StandardCharsets.UTF_8)).toList())
        .orElse(List.of());
  }

  Optional<List<Long>> integers(String name) {
    return find(name, INTS).map(AttributeMessage::getIntsList);
  }

  Optional<List<Float>> reals(String name) {
    return find(name, FLOATS).map(AttributeMessage::getFloatsList);
  }

  Optional<TensorMessage> tensor(String name) {
    return find(name, TENSOR).map(AttributeMessage::getT);
  }

  GraphMessage graph(String name) {
    return find(name, GRAPH)
        .map(AttributeMessage::getG)
        .orElseThrow(
            () ->
                new ModelException(
                    ModelException.Kind.IMPORT, "attribute '" + name + "' is missing"));
  }

  private Optional<AttributeMessage> find(String name, int type) {
    AttributeMessage attribute = byName.get(name);
    if (attribute != null && attribute.getType() != type) {
      throw new ModelException(
          ModelException.Kind.IMPORT,
          "attribute '%s' has type %d, not %d".formatted(name, attribute.getType(), type));
    }
    return Optional.ofNullable(attribute);
  }
}
