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

  /**
   * As {@link #width}, of columns that are stored: as many divide the number of columns in every
   * run, so that an access that begins inside ends inside.
   */
  static int storeWidth(Dim address, Dim.Symbol column, DType dtype) {
    int width = width(address, column, dtype);
    while (width > 1 && !isMultiple(column.extent(), width)) {
      width /= 2;
    }
    return width;
  }

  /** Whether {@code count} columns, from a multiple of as many on, lie side by side. */
  static boolean isTogether(Dim address, Dim.Symbol column, int count) {
    return start(address, column, count).isPresent();
  }

  private static boolean isVector(Dim address, Dim.Symbol column, int width) {
    return start(address, column, width).filter(start -> isMultiple(start, width)).isPresent();
  }

  /** Where {@code count} columns that lie side by side begin; empty if they do not. */
  private static Optional<Dim> start(Dim address, Dim.Symbol column, int count) {
    long last = column.max() == Dim.UNBOUNDED ? Dim.UNBOUNDED : column.max() / count;
    Dim blocks = column.extent().ceilDiv(Dim.of(count));
    Dim.Symbol block = new Dim.Symbol(column.name() + "b", 0, last, blocks);
    Dim.Symbol within = new Dim.Symbol(column.name() + "w", 0, count - 1, Dim.of(count));
    Dim at = Dim.of(block).times(count).plus(Dim.of(within));
    Dim split = address.substitute(s -> s.equals(column) ? at : null);
    return split
        .coefficient(within)
        .filter(step -> step.is(1))
        .map(step -> split.substitute(s -> s.equals(within) ? Dim.ZERO : null));
  }

  /** Whether every term has the factor, so that the value is a multiple in every run. */
  static boolean isMultiple(Dim value, int factor) {
    boolean[] all = {true};
    value.forEachTerm((atoms, c) -> all[0] &= c % factor == 0);
    return all[0];
  }
}
