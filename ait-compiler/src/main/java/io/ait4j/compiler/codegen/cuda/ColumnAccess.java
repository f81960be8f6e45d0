package io.ait4j.compiler.codegen.cuda;

import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.Optional;

/** How a row's neighbouring columns lie in memory, as far as it is known before a run. */
final class ColumnAccess {
  /** Columns of the widest epilogue. */
  static final int WIDEST = 8;

  private static final int BYTES = 16; // of the widest access to memory

  private ColumnAccess() {}

  /**
   * How many columns, from a multiple of as many on, one access reaches: they lie side by side, and
   * the first is aligned if the buffer is. 0 if neighbours do not lie side by side.
   */
  static int width(Dim address, Dim.Symbol column, DType dtype) {
    for (int width = Math.min(WIDEST, BYTES / dtype.bytes()); width > 1; width /= 2) {
      if (isVector(address, column, width)) {
        return width;
      }
    }
    return address.coefficient(column).filter(step -> step.is(1)).isPresent() ? 1 : 0;
  }

  private static boolean isVector(Dim address, Dim.Symbol column, int width) {
    long last = column.max() == Dim.UNBOUNDED ? Dim.UNBOUNDED : column.max() / width;
    Dim blocks = column.extent().ceilDiv(Dim.of(width));
    Dim.Symbol block = new Dim.Symbol(column.name() + "b", 0, last, blocks);
    Dim.Symbol within = new Dim.Symbol(column.name() + "w", 0, width - 1, Dim.of(width));
    Dim at = Dim.of(block).times(width).plus(Dim.of(within));
    Dim split = address.substitute(s -> s.equals(column) ? at : null);
    Optional<Dim> step = split.coefficient(within);
    return step.isPresent()
        && step.get().is(1)
        && isMultiple(split.substitute(s -> s.equals(within) ? Dim.ZERO : null), width);
  }

  /** Whether every term has the factor, so that the value is a multiple in every run. */
  static boolean isMultiple(Dim value, int factor) {
    boolean[] all = {true};
    value.forEachTerm((atoms, c) -> all[0] &= c % factor == 0);
    return all[0];
  }
}
