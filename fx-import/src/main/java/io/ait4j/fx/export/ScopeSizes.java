package io.ait4j.fx.export;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import io.ait4j.fx.Guard;
import io.ait4j.fx.memory.Context;
import io.ait4j.fx.memory.Result;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The symbolic numbers and truth values of a graph, as the file writes them down by name. */
final class ScopeSizes {
  private final Context context;
  private final Symbols symbols;

  ScopeSizes(Context context, Symbols symbols) {
    this.context = context;
    this.symbols = symbols;
  }

  /** True if the node yields only numbers that the inputs' sizes determine; it needs no writing. */
  boolean bind(ProgramNode node, Scope scope) {
    if (node.outputs().isEmpty()) {
      return false;
    }
    Map<String, Result> known = new HashMap<>();
    for (Argument output : node.outputs()) {
      if (!(output instanceof Argument.Reference(Argument.Kind kind, String name))) {
        return false;
      }
      Optional<Arg> value =
          switch (kind) {
            case SYM_INT -> size(scope, name).map(Arg::of);
            case SYM_BOOL -> decided(scope, name);
            default -> Optional.empty();
          };
      if (value.isEmpty()) {
        return kind == Argument.Kind.SYM_BOOL && condition(scope, name).isPresent();
      }
      known.put(name, new Result.Plain(value.get()));
    }
    scope.values().putAll(known);
    return true;
  }

  /** A size by its name; empty if the inputs do not determine it. */
  Optional<Dim> size(Scope scope, String name) {
    Size size = scope.graph().ints().get(name);
    return size == null ? Optional.empty() : symbols.dim(size);
  }

  /** What must hold of the sizes for a truth value; empty if they do not determine it. */
  Optional<List<Guard>> condition(Scope scope, String name) {
    Size truth = scope.graph().bools().get(name);
    return truth == null
        ? Optional.empty()
        : symbols.condition(
            truth,
            "the program asserts it" + (context.source.isEmpty() ? "" : " at " + context.source));
  }

  /** A truth value that the symbols' bounds decide. */
  Optional<Arg> decided(Scope scope, String name) {
    return condition(scope, name)
        .flatMap(
            needs ->
                needs.isEmpty()
                    ? Optional.of(new Arg.Bool(true))
                    : needs.stream().anyMatch(g -> SymbolicConditions.decided(g) == Boolean.FALSE)
                        ? Optional.of(new Arg.Bool(false))
                        : Optional.empty());
  }
}
