package io.ait4j.fx.torchscript;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import io.ait4j.fx.InputSpec;
import io.ait4j.fx.TensorMeta;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Replaces the symbols in types and arguments. */
final class Symbols {
  private Symbols() {}

  /** All symbols of the inputs' shapes, in order. */
  static Set<Dim.Symbol> in(List<InputSpec> inputs) {
    Set<Dim.Symbol> symbols = new LinkedHashSet<>();
    inputs.forEach(i -> i.meta().shape().forEach(size -> symbols.addAll(size.symbols())));
    return symbols;
  }

  static TensorMeta replaced(TensorMeta meta, Map<Dim.Symbol, Dim> replacements) {
    return new TensorMeta(
        meta.dtype(), replaced(meta.shape(), replacements), replaced(meta.strides(), replacements));
  }

  static Arg replaced(Arg arg, Map<Dim.Symbol, Dim> replacements) {
    return switch (arg) {
      case Arg.SymInt(Dim value) -> Arg.of(value.substitute(replacements::get));
      case Arg.Sequence s ->
          new Arg.Sequence(s.elements().stream().map(e -> replaced(e, replacements)).toList());
      case Arg other -> other;
    };
  }

  private static List<Dim> replaced(List<Dim> dims, Map<Dim.Symbol, Dim> replacements) {
    return dims.stream().map(d -> d.substitute(replacements::get)).toList();
  }
}
