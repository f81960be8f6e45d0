package io.ait4j.fx.export;

import io.ait4j.fx.Arg;
import java.util.List;
import java.util.Map;

/** An argument or result of a node, the file's {@code Argument} union. */
sealed interface Argument {
  /** What a name refers to. */
  enum Kind {
    TENSOR,
    SYM_INT,
    SYM_FLOAT,
    SYM_BOOL,
    CUSTOM_OBJECT
  }

  /** A constant that a graph can hold. */
  record Constant(Arg value) implements Argument {}

  /** A value by its name, or, in results, the name it gets. */
  record Reference(Kind kind, String name) implements Argument {}

  record Items(List<Argument> elements) implements Argument {
    public Items {
      elements = List.copyOf(elements);
    }
  }

  record Complex(double real, double imaginary) implements Argument {}

  /** A graph that a higher-order operator runs. */
  record Graph(String name, ProgramGraph graph) implements Argument {}

  /** An operator that a higher-order operator runs. */
  record Operator(String name) implements Argument {}

  record Table(Map<String, Argument> entries) implements Argument {
    public Table {
      entries = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(entries));
    }
  }

  Argument NONE = new Constant(Arg.NONE);
}
