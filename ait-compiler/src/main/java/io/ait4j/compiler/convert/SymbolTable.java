package io.ait4j.compiler.convert;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.TensorMeta;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The symbols of a graph, in order of appearance. */
final class SymbolTable {
  /** Begins the names of variables of our own, so that no symbol of a graph is taken for one. */
  static final String OWN = "$";

  private final Map<String, Dim.Symbol> symbols = new LinkedHashMap<>();

  private SymbolTable() {}

  /** The symbols of {@code graph}; throws {@link UnsupportedNodeException} for a name of ours. */
  static List<Dim.Symbol> of(FxGraph graph) {
    SymbolTable table = new SymbolTable();
    table.addAll(graph.inputs());
    graph.nodes().forEach(table::add);
    return List.copyOf(table.symbols.values());
  }

  /** The symbols of one node and of what it reads. */
  static List<Dim.Symbol> of(Collection<FxValue> inputs, FxNode node) {
    SymbolTable table = new SymbolTable();
    table.addAll(inputs);
    table.add(node);
    return List.copyOf(table.symbols.values());
  }

  private void addAll(Collection<FxValue> values) {
    for (FxValue value : values) {
      if (value.meta() instanceof TensorMeta meta) {
        meta.shape().forEach(this::add);
        meta.strides().forEach(this::add);
      }
    }
  }

  private void add(FxNode node) {
    addAll(node.results());
    node.args().forEach(this::add);
  }

  private void add(Arg arg) {
    switch (arg) {
      case Arg.SymInt(Dim dim) -> add(dim);
      case Arg.Sequence(List<Arg> elements) -> elements.forEach(this::add);
      case Arg other -> {}
    }
  }

  private void add(Dim dim) {
    if (!dim.isConst()) {
      dim.symbols().forEach(s -> symbols.putIfAbsent(s.name(), checked(s)));
    }
  }

  private static Dim.Symbol checked(Dim.Symbol symbol) {
    if (symbol.name().startsWith(OWN)) {
      throw new UnsupportedNodeException("a size of the name " + symbol.name());
    }
    return symbol;
  }
}
