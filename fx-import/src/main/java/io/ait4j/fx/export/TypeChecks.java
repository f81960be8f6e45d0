package io.ait4j.fx.export;

import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.ValueMeta;
import io.ait4j.fx.memory.Context;
import io.ait4j.fx.memory.TensorRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Compares the type that each value gets here with the one that PyTorch wrote to the file. */
final class TypeChecks {
  private final Context context;
  private final Symbols symbols;
  private final TypeObserver observer;

  TypeChecks(Context context, Symbols symbols, TypeObserver observer) {
    this.context = context;
    this.symbols = symbols;
    this.observer = observer;
  }

  /** The types that the file gives; empty if it does not give all. */
  List<ValueMeta> types(List<String> names, Scope scope) {
    List<ValueMeta> types = new ArrayList<>();
    for (String name : names) {
      Optional<TensorMeta> type = type(name, scope);
      if (type.isEmpty()) {
        return List.of();
      }
      types.add(type.get());
    }
    return types;
  }

  private Optional<TensorMeta> type(String name, Scope scope) {
    TensorType type = name == null ? null : scope.graph().tensors().get(name);
    if (type == null || type.dtype() == null || !type.layout().equals("strided")) {
      return Optional.empty();
    }
    return symbols
        .dims(type.sizes())
        .flatMap(
            sizes ->
                symbols
                    .dims(type.strides())
                    .map(strides -> new TensorMeta(type.dtype(), sizes, strides)));
  }

  /** Throws {@link io.ait4j.fx.ModelException} (IMPORT) if the types contradict each other. */
  void check(Scope scope, String name, String target, TensorRef ref) {
    ValueMeta inferred = context.builder().metaOf(ref.typedValue().name());
    TensorMeta fromFile = type(name, scope).orElse(null);
    observer.typed(name, target, inferred, fromFile);
    // PyTorch itself types results that nobody reads with less care: those of aten::lstm are wrong.
    if (fromFile == null
        || !scope.used().contains(name)
        || !(inferred instanceof TensorMeta meta)) {
      return;
    }
    if (meta.dtype() != fromFile.dtype()
        || meta.rank() != fromFile.rank()
        || !same(meta.shape(), fromFile.shape())) {
      throw context.refuse(
          "%s yields %s here, and %s by the file (%s); export the model again, and if that does not help, report it"
              .formatted(target, meta, fromFile, name));
    }
  }

  /** Whether sizes are equal, if not as expressions, for a few values of their symbols. */
  static boolean same(List<Dim> left, List<Dim> right) {
    for (int i = 0; i < left.size(); i++) {
      if (!left.get(i).equals(right.get(i)) && !sameOnSamples(left.get(i), right.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameOnSamples(Dim left, Dim right) {
    Set<Dim.Symbol> all = new LinkedHashSet<>(left.symbols());
    all.addAll(right.symbols());
    if (all.isEmpty()) {
      return false;
    }
    for (int sample = 0; sample < 8; sample++) {
      Map<String, Long> values = new HashMap<>();
      int place = 0;
      for (Dim.Symbol symbol : all) {
        long step = (long) sample * (2 * place++ + 3);
        long top = symbol.max() == Dim.UNBOUNDED ? symbol.min() + 1000 : symbol.max();
        values.put(symbol.name(), Math.min(top, symbol.min() + step));
      }
      if (left.evaluate(values) != right.evaluate(values)) {
        return false;
      }
    }
    return true;
  }
}
