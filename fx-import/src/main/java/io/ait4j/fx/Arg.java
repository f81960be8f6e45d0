package io.ait4j.fx;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** One argument of an {@link FxNode}, matched to its operator's schema. */
public sealed interface Arg {
  /** A reference to a value of the graph, by name. */
  record Value(String name) implements Arg {}

  record Int(long value) implements Arg {}

  record Float(double value) implements Arg {}

  record Bool(boolean value) implements Arg {}

  record Str(String value) implements Arg {}

  record None() implements Arg {}

  /** An integer that depends on symbols. */
  record SymInt(Dim value) implements Arg {}

  record Type(DType value) implements Arg {}

  /** {@code cpu}, {@code cuda} or {@code cuda:1}. */
  record Device(String value) implements Arg {}

  /**
   * {@code contiguous_format}, {@code preserve_format}, {@code channels_last} or {@code
   * channels_last_3d}.
   */
  record MemoryFormat(String value) implements Arg {}

  /** {@code strided} and the like. */
  record Layout(String value) implements Arg {}

  record Sequence(List<Arg> elements) implements Arg {
    public Sequence {
      elements = List.copyOf(elements);
    }
  }

  Arg NONE = new None();

  static Arg of(long value) {
    return new Int(value);
  }

  static Arg of(double value) {
    return new Float(value);
  }

  static Arg of(boolean value) {
    return new Bool(value);
  }

  static Arg of(Dim dim) {
    return dim.isConst() ? new Int(dim.value()) : new SymInt(dim);
  }

  static Arg ofDims(List<Dim> dims) {
    return new Sequence(dims.stream().map(Arg::of).toList());
  }

  static Arg ints(long... values) {
    return new Sequence(java.util.Arrays.stream(values).mapToObj(v -> (Arg) new Int(v)).toList());
  }

  /** This argument with every reference replaced. */
  default Arg map(UnaryOperator<Arg> references) {
    return switch (this) {
      case Value v -> references.apply(v);
      case Sequence s -> new Sequence(s.elements.stream().map(e -> e.map(references)).toList());
      case Arg other -> other;
    };
  }

  /** Sees the name of every value referred to, in order, repeats included. */
  default void forEachValue(Consumer<String> visitor) {
    switch (this) {
      case Value v -> visitor.accept(v.name);
      case Sequence s -> s.elements.forEach(e -> e.forEachValue(visitor));
      case Arg other -> {}
    }
  }
}
