package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.codegen.Cpp;
import io.ait4j.fx.Dim;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whether addresses are multiples of a vector's width. */
final class Multiples {
  private Multiples() {}

  /**
   * Whether {@code dim}, less its part in {@code axis}, is a multiple of {@code width} wherever it
   * is evaluated.
   *
   * @param open gets the sizes that must turn out to be multiples when the kernel runs
   */
  static boolean is(Dim dim, Dim.Symbol axis, int width, Set<Dim> open) {
    for (Map.Entry<List<Dim.Atom>, Dim> term : Cpp.coefficients(dim).entrySet()) {
      Dim c = term.getValue();
      if (term.getKey().equals(List.of(axis))) {
        continue;
      }
      if (c.isConst() ? c.value() % width != 0 : !open.add(c) && !open.contains(c)) {
        return false;
      }
    }
    return true;
  }

  /** Whether a size is a multiple, as {@link #is}. */
  static boolean is(Dim size, int width, Set<Dim> open) {
    if (size.isConst()) {
      return size.value() % width == 0;
    }
    open.add(size);
    return true;
  }

  /** Whether an axis's extent is a known multiple. */
  static boolean isSurely(Dim.Symbol axis, int width) {
    return axis.extent().isConst() && axis.extent().value() % width == 0;
  }
}
