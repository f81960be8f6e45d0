package io.ait4j.fx;

import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A condition on the symbols of a graph, {@code batch % 2 == 0}.
 *
 * @param reason what needs it, for the message to whoever breaks it; an operator and its place in
 *     the source
 */
public record Guard(Dim left, Relation relation, Dim right, String reason) {
  /** How two expressions compare. */
  public enum Relation {
    EQ("=="),
    NE("!="),
    LT("<"),
    LE("<=");

    private final String text;

    Relation(String text) {
      this.text = text;
    }

    private boolean holds(long left, long right) {
      return switch (this) {
        case EQ -> left == right;
        case NE -> left != right;
        case LT -> left < right;
        case LE -> left <= right;
      };
    }
  }

  public Guard {
    Objects.requireNonNull(left);
    Objects.requireNonNull(relation);
    Objects.requireNonNull(right);
    Objects.requireNonNull(reason);
  }

  /** What holds where this does not. */
  public Guard negated() {
    return switch (relation) {
      case EQ -> new Guard(left, Relation.NE, right, reason);
      case NE -> new Guard(left, Relation.EQ, right, reason);
      case LT -> new Guard(right, Relation.LE, left, reason);
      case LE -> new Guard(right, Relation.LT, left, reason);
    };
  }

  /**
   * Whether it holds where the symbols have these values.
   *
   * @throws IllegalArgumentException naming a symbol without a value
   */
  public boolean holds(Map<String, Long> symbols) {
    return relation.holds(left.evaluate(symbols), right.evaluate(symbols));
  }

  /**
   * Throws {@link ModelException} (USAGE) naming the symbols and their values if it does not hold.
   */
  public void check(Map<String, Long> symbols) {
    if (!holds(symbols)) {
      String values =
          java.util.stream.Stream.concat(left.symbols().stream(), right.symbols().stream())
              .map(Dim.Symbol::name)
              .distinct()
              .map(name -> name + " = " + symbols.get(name))
              .collect(Collectors.joining(", "));
      throw new ModelException(
          ModelException.Kind.USAGE,
          "the inputs' sizes make %s, but the model needs %s (%s)".formatted(values, this, reason));
    }
  }

  @Override
  public String toString() {
    return left + " " + relation.text + " " + right;
  }
}
