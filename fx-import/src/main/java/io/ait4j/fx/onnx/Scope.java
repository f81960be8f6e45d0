package io.ait4j.fx.onnx;

import io.ait4j.fx.ModelException;
import java.util.HashMap;
import java.util.Map;

/** The names that a graph's nodes may read: its own, and those of the graphs around it. */
final class Scope {
  private final Scope outer;
  private final Map<String, OnnxValue> values = new HashMap<>();

  Scope(Scope outer) {
    this.outer = outer;
  }

  /** Throws {@link ModelException} (IMPORT) if the graph has the name already. */
  void define(String name, OnnxValue value, String by) {
    if (values.putIfAbsent(name, value) != null) {
      throw new ModelException(
          ModelException.Kind.IMPORT,
          "two values are called '%s', the second one from %s; export the model anew"
              .formatted(name, by));
    }
  }

  boolean has(String name) {
    return values.containsKey(name) || outer != null && outer.has(name);
  }

  /** Throws {@link ModelException} (IMPORT) if nothing has yielded the name so far. */
  OnnxValue get(String name, String reader) {
    OnnxValue value = values.get(name);
    if (value != null) {
      return value;
    }
    if (outer == null) {
      throw new ModelException(
          ModelException.Kind.IMPORT,
          "%s reads '%s', which no input, initialiser or earlier node yields; export the model anew"
              .formatted(reader, name));
    }
    return outer.get(name, reader);
  }
}
