package io.ait4j.compiler.ir;

import io.ait4j.fx.Dim;

/**
 * Names of the symbols that stand for indices read from data. They are never spelled in C++: such a
 * name tells whose index failed the check, wherever passes have moved the load.
 */
public final class DataIndex {
  private static final char OF = '#';

  private DataIndex() {}

  /** A name for {@code operator}'s index; {@code number} tells it from others. */
  public static String name(String operator, int number) {
    return "i" + number + OF + operator;
  }

  /** The operator, as {@code aten::index_select}. */
  public static String operator(Dim.Symbol symbol) {
    return symbol.name().substring(symbol.name().indexOf(OF) + 1);
  }
}
