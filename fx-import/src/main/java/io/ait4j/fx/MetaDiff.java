package io.ait4j.fx;

import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Whether types are the same, down to the bounds of the symbols in their sizes. */
final class MetaDiff {
  private MetaDiff() {}

  static boolean same(ValueMeta here, ValueMeta there) {
    return switch (here) {
      case TensorMeta a ->
          there instanceof TensorMeta b
              && a.dtype() == b.dtype()
              && same(a.shape(), b.shape())
              && same(a.strides(), b.strides());
      case ValueMeta.Sequence a -> {
        boolean equal =
            there instanceof ValueMeta.Sequence b && a.elements().size() == b.elements().size();
        for (int i = 0; equal && i < a.elements().size(); i++) {
          equal = same(a.elements().get(i), ((ValueMeta.Sequence) there).elements().get(i));
        }
        yield equal;
      }
      case ValueMeta other -> other.equals(there);
    };
  }

  private static boolean same(List<Dim> here, List<Dim> there) {
    boolean equal = here.size() == there.size();
    for (int i = 0; equal && i < here.size(); i++) {
      equal = same(here.get(i), there.get(i));
    }
    return equal;
  }

  static boolean same(Dim here, Dim there) {
    if (!here.equals(there)) {
      return false;
    }
    // Symbols are equal by name alone.
    Iterator<Dim.Symbol> others = there.symbols().iterator();
    for (Dim.Symbol a : here.symbols()) {
      Dim.Symbol b = others.next();
      boolean extents =
          a.extent() == null || b.extent() == null
              ? a.extent() == b.extent()
              : same(a.extent(), b.extent());
      if (!extents || a.min() != b.min() || a.max() != b.max()) {
        return false;
      }
    }
    return true;
  }

  /** The type with the bounds of its symbols. */
  static String text(ValueMeta meta) {
    if (!(meta instanceof TensorMeta tensor)) {
      return FxPrinter.meta(meta);
    }
    String bounds =
        tensor.shape().stream()
            .flatMap(d -> d.symbols().stream())
            .distinct()
            .map(s -> s.name() + " in [" + s.min() + ", " + edge(s.max()) + "]")
            .collect(Collectors.joining(", "));
    return bounds.isEmpty() ? tensor.toString() : tensor + " with " + bounds;
  }

  private static String edge(long max) {
    return max == Dim.UNBOUNDED ? "..." : Objects.toString(max);
  }
}
