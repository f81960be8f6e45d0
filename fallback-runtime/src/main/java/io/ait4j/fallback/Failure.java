package io.ait4j.fallback;

import io.ait4j.fx.FxNode;
import io.ait4j.fx.ModelException;

/** Messages that name a node, its operator and its place in the source. */
final class Failure {
  private Failure() {}

  static ModelException of(FxNode node, RuntimeException error) {
    return new ModelException(
        ModelException.Kind.RUN,
        "node " + place(node) + " failed in libtorch: " + Libtorch.firstLine(error),
        error);
  }

  static ModelException raised(FxNode node, String said) {
    return new ModelException(
        ModelException.Kind.RUN, "node " + place(node) + ": the model raises " + said);
  }

  static ModelException unknownOperator(FxNode node) {
    return new ModelException(
        ModelException.Kind.IMPORT,
        "operator "
            + node.target()
            + " at "
            + (node.source().isEmpty() ? "node " + node.name() : node.source())
            + " is implemented neither by the compiler nor by libtorch; export the model without"
            + " it, or with its decomposition");
  }

  static ModelException badArguments(FxNode node, RuntimeException error) {
    return new ModelException(
        ModelException.Kind.IMPORT,
        "node " + place(node) + " cannot be given to libtorch: " + error.getMessage(),
        error);
  }

  private static String place(FxNode node) {
    String place = node.name() + " (" + node.target() + ")";
    return node.source().isEmpty() ? place : place + " at " + node.source();
  }
}
