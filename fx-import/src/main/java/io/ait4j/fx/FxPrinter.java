package io.ait4j.fx;

import java.util.stream.Collectors;

/** Text of graphs and nodes for messages, logs and {@code inspect}. */
final class FxPrinter {
  private FxPrinter() {}

  static String graph(FxGraph graph) {
    StringBuilder text = new StringBuilder();
    print(graph, "", text);
    return text.toString();
  }

  private static void print(FxGraph graph, String indent, StringBuilder text) {
    graph
        .inputs()
        .forEach(
            v ->
                text.append(indent)
                    .append("%")
                    .append(v.name())
                    .append(": ")
                    .append(meta(v.meta()))
                    .append(" = placeholder\n"));
    graph
        .attributes()
        .forEach(
            v ->
                text.append(indent)
                    .append("%")
                    .append(v.name())
                    .append(": ")
                    .append(meta(v.meta()))
                    .append(" = get_attr[")
                    .append(
                        graph.weights().containsKey(v.name())
                            ? graph.weights().get(v.name()).name()
                            : "?")
                    .append("]\n"));
    for (FxNode node : graph.nodes()) {
      text.append(indent).append(node(node)).append('\n');
      for (FxGraph block : node.blocks()) {
        text.append(indent).append("  block:\n");
        print(block, indent + "    ", text);
      }
    }
    text.append(indent)
        .append("return ")
        .append(graph.outputs().stream().map(FxPrinter::arg).collect(Collectors.joining(", ")))
        .append('\n');
  }

  static String node(FxNode node) {
    return node.results().stream()
            .map(v -> "%" + v.name() + ": " + meta(v.meta()))
            .collect(Collectors.joining(", "))
        + (node.results().isEmpty() ? "" : " = ")
        + node.target()
        + node.args().stream().map(FxPrinter::arg).collect(Collectors.joining(", ", "(", ")"))
        + (node.source().isEmpty() ? "" : "  # " + node.source());
  }

  static String arg(Arg arg) {
    return switch (arg) {
      case Arg.Value v -> "%" + v.name();
      case Arg.Int i -> Long.toString(i.value());
      case Arg.Float f -> Double.toString(f.value());
      case Arg.Bool b -> b.value() ? "True" : "False";
      case Arg.Str s -> "'" + s.value() + "'";
      case Arg.None n -> "None";
      case Arg.SymInt s -> s.value().toString();
      case Arg.Type t -> t.value().torchName();
      case Arg.Device d -> d.value();
      case Arg.MemoryFormat m -> m.value();
      case Arg.Layout l -> l.value();
      case Arg.Sequence s ->
          s.elements().stream().map(FxPrinter::arg).collect(Collectors.joining(", ", "[", "]"));
    };
  }

  static String meta(ValueMeta meta) {
    return switch (meta) {
      case TensorMeta t -> t.toString();
      case ValueMeta.Scalar s -> "scalar " + s.dtype().torchName();
      case ValueMeta.Sequence s ->
          s.elements().stream().map(FxPrinter::meta).collect(Collectors.joining(", ", "(", ")"));
      case ValueMeta.Opaque o -> o.type();
    };
  }
}
