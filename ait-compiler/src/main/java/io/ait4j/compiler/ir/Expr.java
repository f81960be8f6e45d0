package io.ait4j.compiler.ir;

import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A typed scalar expression over iteration variables: what a loop computes at one point. Shared
 * subtrees stay shared (by identity) through {@link #rewrite}, and are printed once.
 */
public sealed interface Expr {
  DType dtype();

  /**
   * A number: {@code integer} holds integers and truth values exactly, {@code floating} the rest.
   */
  record Literal(DType dtype, double floating, long integer) implements Expr {}

  /**
   * Element of a buffer at {@code index}, one entry a dimension. A symbol of the index that is no
   * iteration variable is data-dependent: {@code bindings} says how to compute it, and the runtime
   * checks its value against the symbol's bounds.
   */
  record Load(String buffer, DType dtype, List<Dim> index, Map<Dim.Symbol, Expr> bindings)
      implements Expr {
    public Load {
      index = List.copyOf(index);
      bindings = Collections.unmodifiableMap(new LinkedHashMap<>(bindings)); // keeps its order
    }

    public Load(String buffer, DType dtype, List<Dim> index) {
      this(buffer, dtype, index, Map.of());
    }
  }

  /** An index expression as an int64 value. */
  record Index(Dim value) implements Expr {
    @Override
    public DType dtype() {
      return DType.INT64;
    }
  }

  record Unary(UnaryOp op, DType dtype, Expr operand) implements Expr {
    public Unary {
      Halves.refuse(op, operand.dtype());
    }
  }

  record Binary(BinaryOp op, DType dtype, Expr left, Expr right) implements Expr {
    public Binary {
      Halves.refuse(op, left.dtype());
    }
  }

  /**
   * {@code condition ? then : otherwise}. When {@code guard} is set, a branch must not be evaluated
   * unless taken: its loads may lie outside of their buffer otherwise.
   */
  record Select(Expr condition, Expr then, Expr otherwise, boolean guard) implements Expr {
    @Override
    public DType dtype() {
      return then.dtype();
    }
  }

  /**
   * Conversion with PyTorch's semantics ({@code x != 0} to bool, truncation to integers). To and
   * from half types it is from and to float32 only, and that way means memory: a value that is
   * never stored keeps its precision ({@link Halves}).
   */
  record Cast(DType dtype, Expr operand) implements Expr {}

  /**
   * {@code body} combined over every value of {@code axes}; reductions do not nest directly in one
   * another.
   */
  record Reduce(ReduceOp op, List<Dim.Symbol> axes, Expr body) implements Expr {
    public Reduce {
      Halves.refuse(op, body.dtype());
      axes = List.copyOf(axes);
    }

    @Override
    public DType dtype() {
      return body.dtype();
    }
  }

  /** In a template kernel's epilogue: the finished sum; in attention's scores: the score. */
  record Accumulator(DType dtype) implements Expr {}

  static Expr literal(DType dtype, double value) {
    return new Literal(dtype, Halves.round(dtype, value), (long) value);
  }

  static Expr literal(DType dtype, long value) {
    return new Literal(dtype, Halves.round(dtype, value), value);
  }

  static Expr unary(UnaryOp op, Expr operand) {
    return new Unary(op, op.isPredicate() ? DType.BOOL : operand.dtype(), operand);
  }

  static Expr binary(BinaryOp op, Expr left, Expr right) {
    if (left.dtype() != right.dtype()) {
      throw new IllegalArgumentException(op + " of " + left.dtype() + " and " + right.dtype());
    }
    return new Binary(op, op.isComparison() ? DType.BOOL : left.dtype(), left, right);
  }

  static Expr cast(DType dtype, Expr operand) {
    if (operand.dtype() == dtype) {
      return operand;
    }
    if (operand instanceof Literal literal && (dtype.isFloating() || dtype.isInteger())) {
      return operand.dtype().isFloating()
          ? literal(dtype, literal.floating)
          : literal(dtype, literal.integer);
    }
    if (Halves.isHalf(operand.dtype())) {
      Expr wide =
          operand instanceof Cast narrowed ? narrowed.operand : new Cast(DType.FLOAT32, operand);
      return cast(dtype, wide);
    }
    if (Halves.isHalf(dtype)) {
      return new Cast(dtype, cast(DType.FLOAT32, operand));
    }
    return new Cast(dtype, operand);
  }

  static Expr select(Expr condition, Expr then, Expr otherwise) {
    return new Select(condition, then, otherwise, false);
  }

  /** {@code then} if {@code condition} holds; {@code then} is not evaluated otherwise. */
  static Expr guarded(Expr condition, Expr then, Expr otherwise) {
    return new Select(condition, then, otherwise, true);
  }

  /** {@code low <= value < high}. */
  static Expr within(Dim value, Dim low, Dim high) {
    Expr result = literal(DType.BOOL, 1);
    if (value.minus(low).min() < 0) {
      result = binary(BinaryOp.GE, new Index(value), new Index(low));
    }
    long slack = high.minus(value).min();
    if (slack == -Dim.UNBOUNDED || slack < 1) {
      Expr upper = binary(BinaryOp.LT, new Index(value), new Index(high));
      result = result instanceof Literal ? upper : binary(BinaryOp.AND, result, upper);
    }
    return result;
  }

  /**
   * Rebuilds this expression bottom-up; {@code change} sees each node after its children. Sharing
   * is kept.
   */
  default Expr rewrite(Function<Expr, Expr> change) {
    return rewrite(change, new IdentityHashMap<>());
  }

  private Expr rewrite(Function<Expr, Expr> change, Map<Expr, Expr> done) {
    Expr known = done.get(this);
    if (known != null) {
      return known;
    }
    Expr rebuilt =
        switch (this) {
          case Unary u -> {
            Expr x = u.operand.rewrite(change, done);
            yield x == u.operand ? u : new Unary(u.op, u.dtype, x);
          }
          case Binary b -> {
            Expr l = b.left.rewrite(change, done);
            Expr r = b.right.rewrite(change, done);
            yield l == b.left && r == b.right ? b : new Binary(b.op, b.dtype, l, r);
          }
          case Select s -> {
            Expr c = s.condition.rewrite(change, done);
            Expr t = s.then.rewrite(change, done);
            Expr o = s.otherwise.rewrite(change, done);
            yield c == s.condition && t == s.then && o == s.otherwise
                ? s
                : new Select(c, t, o, s.guard);
          }
          case Cast c -> {
            Expr x = c.operand.rewrite(change, done);
            yield x == c.operand ? c : cast(c.dtype, x);
          }
          case Reduce r -> {
            Expr x = r.body.rewrite(change, done);
            yield x == r.body ? r : new Reduce(r.op, r.axes, x);
          }
          case Load load when !load.bindings.isEmpty() -> {
            Map<Dim.Symbol, Expr> bindings = new LinkedHashMap<>();
            load.bindings.forEach(
                (symbol, value) -> bindings.put(symbol, value.rewrite(change, done)));
            yield new Load(load.buffer, load.dtype, load.index, bindings);
          }
          case Expr leaf -> leaf;
        };
    Expr result = change.apply(rebuilt);
    done.put(this, result);
    return result;
  }

  /** This expression with iteration variables replaced in every index. */
  default Expr substitute(Function<Dim.Symbol, Dim> with) {
    return rewrite(
        e ->
            switch (e) {
              case Load load ->
                  new Load(
                      load.buffer,
                      load.dtype,
                      load.index.stream().map(d -> d.substitute(with)).toList(),
                      load.bindings);
              case Index index -> new Index(index.value.substitute(with));
              case Expr other -> other;
            });
  }

  /** Sees every distinct node, children first. */
  default void forEach(Consumer<Expr> visitor) {
    forEach(visitor, new IdentityHashMap<>());
  }

  private void forEach(Consumer<Expr> visitor, Map<Expr, Boolean> seen) {
    if (seen.put(this, true) != null) {
      return;
    }
    switch (this) {
      case Unary u -> u.operand.forEach(visitor, seen);
      case Binary b -> {
        b.left.forEach(visitor, seen);
        b.right.forEach(visitor, seen);
      }
      case Select s -> {
        s.condition.forEach(visitor, seen);
        s.then.forEach(visitor, seen);
        s.otherwise.forEach(visitor, seen);
      }
      case Cast c -> c.operand.forEach(visitor, seen);
      case Reduce r -> r.body.forEach(visitor, seen);
      case Load load -> load.bindings.values().forEach(e -> e.forEach(visitor, seen));
      case Expr leaf -> {}
    }
    visitor.accept(this);
  }

  /** Every distinct load, in order of evaluation. */
  default List<Load> loads() {
    List<Load> loads = new java.util.ArrayList<>();
    forEach(
        e -> {
          if (e instanceof Load load) {
            loads.add(load);
          }
        });
    return loads;
  }

  default boolean hasAccumulator() {
    boolean[] found = {false};
    forEach(e -> found[0] |= e instanceof Accumulator);
    return found[0];
  }

  default boolean hasReduce() {
    boolean[] found = {false};
    forEach(e -> found[0] |= e instanceof Reduce);
    return found[0];
  }
}
