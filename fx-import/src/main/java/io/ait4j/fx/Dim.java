package io.ait4j.fx;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * An integer expression over bounded symbols: the size of a dimension, a stride, or an index.
 *
 * <p>Held as a polynomial in normal form (a constant plus products of atoms with integer
 * coefficients), so structural equality decides most questions. Atoms that are not symbols are
 * floor division, modulo, minimum and maximum, simplified by the bounds of the symbols in them.
 * Immutable.
 */
public final class Dim {
  /** Value that stands for "no upper (or lower) bound known". */
  public static final long UNBOUNDED = Long.MAX_VALUE;

  private static final DimProduct[] NO_PRODUCTS = {};
  private static final long[] NO_COEFFICIENTS = {};

  public static final Dim ZERO = new Dim(0, NO_PRODUCTS, NO_COEFFICIENTS);
  public static final Dim ONE = new Dim(1, NO_PRODUCTS, NO_COEFFICIENTS);

  /** What a product is made of. Ordered: applications first, then symbols by name. */
  public sealed interface Atom extends Comparable<Atom> {
    /** Text that is equal for equal atoms. */
    String text();

    @Override
    default int compareTo(Atom other) {
      return switch (this) {
        case Symbol s -> other instanceof Symbol o ? s.name.compareTo(o.name) : 1;
        case Apply a -> other instanceof Apply o ? a.order(o) : -1;
      };
    }
  }

  /**
   * A named integer with {@code min <= value <= max}. For a loop variable, {@code extent} is the
   * exclusive upper limit as an expression, so that {@code (i * n + j) / n} simplifies to {@code i}
   * when {@code j} runs below a symbolic {@code n}; it is null for other symbols. Equality is by
   * name.
   */
  public record Symbol(String name, long min, long max, Dim extent) implements Atom {
    public Symbol {
      Objects.requireNonNull(name);
      if (min > max) {
        throw new IllegalArgumentException(
            "symbol " + name + ": min " + min + " is above max " + max);
      }
    }

    @Override
    public String text() {
      return name;
    }

    @Override
    public boolean equals(Object o) {
      return o instanceof Symbol s && s.name.equals(name);
    }

    @Override
    public int hashCode() {
      return name.hashCode();
    }
  }

  /** The operators that do not stay polynomial. */
  public enum Op {
    FLOOR_DIV,
    MOD,
    MIN,
    MAX
  }

  /** {@code left op right}, already simplified. */
  public record Apply(Op op, Dim left, Dim right) implements Atom {
    @Override
    public String text() {
      return "("
          + left.operand()
          + " "
          + switch (op) {
            case FLOOR_DIV -> "//";
            case MOD -> "%";
            case MIN -> "min";
            case MAX -> "max";
          }
          + " "
          + right.operand()
          + ")";
    }

    private int order(Apply other) {
      int c = left.order(other.left);
      c = c != 0 ? c : op.compareTo(other.op);
      return c != 0 ? c : right.order(other.right);
    }
  }

  private final long constant;
  private final DimProduct[] products;
  private final long[] coefficients;
  private DimRange range;
  private Set<Symbol> symbols;
  private int hash;

  /** Takes the arrays over: products ascending, coefficients not 0. */
  Dim(long constant, DimProduct[] products, long[] coefficients) {
    this.constant = constant;
    this.products = products;
    this.coefficients = coefficients;
  }

  public static Dim of(long value) {
    return value == 0 ? ZERO : value == 1 ? ONE : new Dim(value, NO_PRODUCTS, NO_COEFFICIENTS);
  }

  /** A symbol with inclusive bounds; {@link #UNBOUNDED} as {@code max} for none. */
  public static Dim symbol(String name, long min, long max) {
    return of(new Symbol(name, min, max, null));
  }

  /** A loop variable running over {@code [0, extent)}. */
  public static Dim index(String name, Dim extent) {
    long max = extent.max();
    return of(new Symbol(name, 0, max == UNBOUNDED ? UNBOUNDED : Math.max(0, max - 1), extent));
  }

  /**
   * The atom as an expression; a symbol that has one value only is that value. A variable that runs
   * over nothing has none.
   */
  public static Dim of(Atom atom) {
    return atom instanceof Symbol s && s.min == s.max && (s.extent == null || !s.extent.is(0))
        ? of(s.min)
        : term(DimProduct.of(atom), 1);
  }

  static Dim term(DimProduct product, long coefficient) {
    if (product.size() == 0 || coefficient == 0) {
      return of(coefficient);
    }
    return new Dim(0, new DimProduct[] {product}, new long[] {coefficient});
  }

  static Dim of(long constant, TreeMap<DimProduct, Long> terms) {
    if (terms.isEmpty()) {
      return of(constant);
    }
    return new Dim(
        constant,
        terms.keySet().toArray(NO_PRODUCTS),
        terms.values().stream().mapToLong(Long::longValue).toArray());
  }

  /** Product of all, 1 for none. */
  public static Dim product(Collection<Dim> dims) {
    Dim result = ONE;
    for (Dim dim : dims) {
      result = result.times(dim);
    }
    return result;
  }

  public static List<Dim> ofAll(long... values) {
    Dim[] dims = new Dim[values.length];
    Arrays.setAll(dims, i -> of(values[i]));
    return List.of(dims);
  }

  public boolean isConst() {
    return products.length == 0;
  }

  /** The value of a constant. */
  public OptionalLong constant() {
    return isConst() ? OptionalLong.of(constant) : OptionalLong.empty();
  }

  /**
   * The value of a constant; throws {@link IllegalStateException} naming the expression otherwise.
   */
  public long value() {
    if (!isConst()) {
      throw new IllegalStateException("dimension " + this + " is not a constant");
    }
    return constant;
  }

  public boolean is(long value) {
    return constant == value && isConst();
  }

  /** The part that no atom multiplies. */
  public long constantTerm() {
    return constant;
  }

  int terms() {
    return products.length;
  }

  DimProduct product(int term) {
    return products[term];
  }

  long coefficient(int term) {
    return coefficients[term];
  }

  public Dim plus(Dim other) {
    return sum(other, 1);
  }

  public Dim plus(long other) {
    return other == 0 ? this : withConstant(Math.addExact(constant, other));
  }

  public Dim minus(Dim other) {
    return sum(other, -1);
  }

  public Dim minus(long other) {
    return plus(Math.negateExact(other));
  }

  Dim withConstant(long value) {
    return isConst() ? of(value) : new Dim(value, products, coefficients);
  }

  /** {@code this + factor * other}, by merging the terms. */
  private Dim sum(Dim other, long factor) {
    long total = Math.addExact(constant, Math.multiplyExact(other.constant, factor));
    if (other.isConst()) {
      return withConstant(total);
    }
    if (isConst() && factor == 1) {
      return other.withConstant(total);
    }
    DimProduct[] all = new DimProduct[products.length + other.products.length];
    long[] values = new long[all.length];
    int n = 0;
    int i = 0;
    int j = 0;
    while (i < products.length || j < other.products.length) {
      int c =
          i == products.length
              ? 1
              : j == other.products.length ? -1 : products[i].compareTo(other.products[j]);
      all[n] = c <= 0 ? products[i] : other.products[j];
      values[n] = c <= 0 ? coefficients[i++] : 0;
      if (c >= 0) {
        values[n] = Math.addExact(values[n], Math.multiplyExact(other.coefficients[j++], factor));
      }
      n += values[n] != 0 ? 1 : 0;
    }
    if (n == 0) {
      return of(total);
    }
    Dim result =
        n == all.length
            ? new Dim(total, all, values)
            : new Dim(total, Arrays.copyOf(all, n), Arrays.copyOf(values, n));
    return isConst() ? result : DimRecombination.simplify(result);
  }

  public Dim times(long factor) {
    if (factor == 1) {
      return this;
    }
    if (factor == 0 || isConst()) {
      return of(Math.multiplyExact(constant, factor));
    }
    long[] scaled = new long[coefficients.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = Math.multiplyExact(coefficients[i], factor);
    }
    return new Dim(Math.multiplyExact(constant, factor), products, scaled);
  }

  public Dim times(Dim other) {
    if (other.isConst()) {
      return times(other.constant);
    }
    if (isConst()) {
      return other.times(constant);
    }
    Dim result = times(other.constant);
    for (int j = 0; j < other.products.length; j++) {
      TreeMap<DimProduct, Long> terms = new TreeMap<>();
      for (int i = 0; i < products.length; i++) {
        terms.merge(
            products[i].times(other.products[j]),
            Math.multiplyExact(coefficients[i], other.coefficients[j]),
            Math::addExact);
      }
      terms.values().removeIf(c -> c == 0);
      Dim constants = term(other.products[j], Math.multiplyExact(constant, other.coefficients[j]));
      result = result.plus(of(0, terms)).plus(constants);
    }
    return result;
  }

  /** Division rounding down; {@code divisor} must be positive. */
  public Dim floorDiv(Dim divisor) {
    return DimDivision.quotient(this, divisor);
  }

  public Dim floorDiv(long divisor) {
    return floorDiv(of(divisor));
  }

  /** Division rounding up; {@code divisor} must be positive. */
  public Dim ceilDiv(Dim divisor) {
    return plus(divisor).minus(1).floorDiv(divisor);
  }

  /** Remainder of {@link #floorDiv(Dim)}, in {@code [0, divisor)}. */
  public Dim mod(Dim divisor) {
    return DimDivision.remainder(this, divisor);
  }

  public Dim mod(long divisor) {
    return mod(of(divisor));
  }

  public Dim min(Dim other) {
    return extreme(Op.MIN, other);
  }

  public Dim max(Dim other) {
    return extreme(Op.MAX, other);
  }

  private Dim extreme(Op op, Dim other) {
    if (isConst() && other.isConst()) {
      return op == Op.MAX == constant >= other.constant ? this : other;
    }
    Dim difference = minus(other);
    if (difference.min() >= 0) {
      return op == Op.MAX ? this : other;
    }
    if (difference.max() <= 0) {
      return op == Op.MAX ? other : this;
    }
    Dim absorbed = absorb(op, this, other);
    absorbed = absorbed == null ? absorb(op, other, this) : absorbed;
    if (absorbed != null) {
      return absorbed;
    }
    return order(other) <= 0 ? of(new Apply(op, this, other)) : of(new Apply(op, other, this));
  }

  /**
   * {@code x min (x min y)} is {@code x min y}, {@code x min (x max y)} is {@code x}; else null.
   */
  private static Dim absorb(Op op, Dim x, Dim y) {
    boolean both =
        y.terms() == 1
            && y.constant == 0
            && y.coefficients[0] == 1
            && y.products[0].size() == 1
            && y.products[0].atom(0) instanceof Apply a
            && (a.op == Op.MIN || a.op == Op.MAX)
            && (a.left.equals(x) || a.right.equals(x));
    return both ? ((Apply) y.products[0].atom(0)).op == op ? y : x : null;
  }

  /** Lower bound that follows from the symbols' bounds; {@code -UNBOUNDED} if none does. */
  public long min() {
    return range().min();
  }

  /** Upper bound that follows from the symbols' bounds; {@link #UNBOUNDED} if none does. */
  public long max() {
    return range().max();
  }

  DimRange range() {
    DimRange known = range;
    if (known == null) {
      known = DimBounds.tighten(this, intervals());
      range = known;
    }
    return known;
  }

  /** What interval arithmetic on the parts says. */
  DimRange intervals() {
    return DimRange.of(constant, products, coefficients);
  }

  /** All symbols in this expression, in order of appearance. */
  public Set<Symbol> symbols() {
    Set<Symbol> known = symbols;
    if (known == null) {
      Set<Symbol> found = new LinkedHashSet<>();
      for (DimProduct product : products) {
        for (int i = 0; i < product.size(); i++) {
          switch (product.atom(i)) {
            case Symbol s -> found.add(s);
            case Apply a -> {
              found.addAll(a.left.symbols());
              found.addAll(a.right.symbols());
            }
          }
        }
      }
      known = Collections.unmodifiableSet(found);
      symbols = known;
    }
    return known;
  }

  boolean mentions(Symbol symbol) {
    for (DimProduct product : products) {
      if (product.mentions(symbol)) {
        return true;
      }
    }
    return false;
  }

  /** Replaces symbols; {@code with} returns null for those that stay. */
  public Dim substitute(Function<Symbol, Dim> with) {
    if (isConst()) {
      return this;
    }
    Dim result = of(constant);
    for (int t = 0; t < products.length; t++) {
      Dim product = of(coefficients[t]);
      for (int i = 0; i < products[t].size(); i++) {
        product = product.times(substitute(products[t].atom(i), with));
      }
      result = result.plus(product);
    }
    return result;
  }

  private static Dim substitute(Atom atom, Function<Symbol, Dim> with) {
    return switch (atom) {
      case Symbol s -> {
        Dim replacement = with.apply(s);
        yield replacement == null ? of(s) : replacement;
      }
      case Apply(Op op, Dim left, Dim right) -> {
        Dim l = left.substitute(with);
        Dim r = right.substitute(with);
        yield switch (op) {
          case FLOOR_DIV -> l.floorDiv(r);
          case MOD -> l.mod(r);
          case MIN -> l.min(r);
          case MAX -> l.max(r);
        };
      }
    };
  }

  /**
   * Value with every symbol given; throws {@link IllegalArgumentException} naming a missing one.
   */
  public long evaluate(Map<String, Long> values) {
    long sum = constant;
    for (int t = 0; t < products.length; t++) {
      long product = coefficients[t];
      for (int i = 0; i < products[t].size(); i++) {
        product = Math.multiplyExact(product, evaluate(products[t].atom(i), values));
      }
      sum = Math.addExact(sum, product);
    }
    return sum;
  }

  private static long evaluate(Atom atom, Map<String, Long> values) {
    return switch (atom) {
      case Symbol s -> {
        Long value = values.get(s.name);
        if (value == null) {
          throw new IllegalArgumentException("no value for symbol " + s.name);
        }
        yield value;
      }
      case Apply(Op op, Dim left, Dim right) -> {
        long l = left.evaluate(values);
        long r = right.evaluate(values);
        yield switch (op) {
          case FLOOR_DIV -> Math.floorDiv(l, r);
          case MOD -> Math.floorMod(l, r);
          case MIN -> Math.min(l, r);
          case MAX -> Math.max(l, r);
        };
      }
    };
  }

  /**
   * The coefficient of {@code symbol} if this is affine in it, empty if the symbol occurs in any
   * other way.
   */
  public Optional<Dim> coefficient(Symbol symbol) {
    Dim result = ZERO;
    for (int t = 0; t < products.length; t++) {
      DimProduct product = products[t];
      int at = -1;
      for (int i = 0; i < product.size(); i++) {
        if (product.atom(i).equals(symbol) && at < 0) {
          at = i;
        } else if (DimProduct.mentions(product.atom(i), symbol)) {
          return Optional.empty();
        }
      }
      if (at >= 0) {
        result = result.plus(term(product.withoutAtom(at), coefficients[t]));
      }
    }
    return Optional.of(result);
  }

  /**
   * Sees each term as (atoms, coefficient), the constant last with no atoms if it is not 0 or
   * stands alone.
   */
  public void forEachTerm(BiConsumer<List<Atom>, Long> visitor) {
    for (int t = 0; t < products.length; t++) {
      visitor.accept(products[t].atoms(), coefficients[t]);
    }
    if (constant != 0 || products.length == 0) {
      visitor.accept(List.of(), constant);
    }
  }

  /** A total order that agrees with equality; it says nothing about values. */
  int order(Dim other) {
    if (this == other) {
      return 0;
    }
    int n = Math.min(products.length, other.products.length);
    for (int i = 0; i < n; i++) {
      int c = products[i].compareTo(other.products[i]);
      c = c != 0 ? c : Long.compare(coefficients[i], other.coefficients[i]);
      if (c != 0) {
        return c;
      }
    }
    int c = Integer.compare(products.length, other.products.length);
    return c != 0 ? c : Long.compare(constant, other.constant);
  }

  @Override
  public boolean equals(Object o) {
    return this == o
        || o instanceof Dim d
            && d.constant == constant
            && d.products.length == products.length
            && d.hashCode() == hashCode()
            && Arrays.equals(d.coefficients, coefficients)
            && Arrays.equals(d.products, products);
  }

  @Override
  public int hashCode() {
    int known = hash;
    if (known == 0) {
      known =
          Long.hashCode(constant)
              + 31 * (Arrays.hashCode(coefficients) + 31 * Arrays.hashCode(products));
      hash = known;
    }
    return known;
  }

  /** As text that keeps its value next to an operator. */
  private String operand() {
    boolean single =
        isConst()
            || constant == 0 && terms() == 1 && coefficients[0] == 1 && products[0].size() == 1;
    return single ? toString() : "(" + this + ")";
  }

  @Override
  public String toString() {
    if (isConst()) {
      return Long.toString(constant);
    }
    StringBuilder text = new StringBuilder();
    forEachTerm(
        (atoms, c) -> {
          if (!text.isEmpty()) {
            text.append(c < 0 ? " - " : " + ");
          } else if (c < 0) {
            text.append('-');
          }
          long size = Math.abs(c);
          if (size != 1 || atoms.isEmpty()) {
            text.append(size);
          }
          for (int i = 0; i < atoms.size(); i++) {
            text.append(i > 0 || size != 1 ? "*" : "").append(atoms.get(i).text());
          }
        });
    return text.toString();
  }
}
