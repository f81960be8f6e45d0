package io.ait4j.fx;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
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

  public static final Dim ZERO = new Dim(0, new TreeMap<>());
  public static final Dim ONE = new Dim(1, new TreeMap<>());

  /** What a product is made of. */
  public sealed interface Atom extends Comparable<Atom> {
    /** Text that is equal for equal atoms; it orders them too. */
    String text();

    @Override
    default int compareTo(Atom other) {
      return text().compareTo(other.text());
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
          + left
          + " "
          + switch (op) {
            case FLOOR_DIV -> "//";
            case MOD -> "%";
            case MIN -> "min";
            case MAX -> "max";
          }
          + " "
          + right
          + ")";
    }
  }

  /** A product of atoms in order; powers are repetitions. */
  record Product(List<Atom> atoms) implements Comparable<Product> {
    @Override
    public int compareTo(Product other) {
      int n = Math.min(atoms.size(), other.atoms.size());
      for (int i = 0; i < n; i++) {
        int c = atoms.get(i).compareTo(other.atoms.get(i));
        if (c != 0) {
          return c;
        }
      }
      return Integer.compare(atoms.size(), other.atoms.size());
    }

    Product times(Product other) {
      List<Atom> all = new ArrayList<>(atoms);
      all.addAll(other.atoms);
      all.sort(null);
      return new Product(List.copyOf(all));
    }

    /** This product without the atoms of {@code other}, or null if it does not hold them all. */
    Product without(Product other) {
      List<Atom> rest = new ArrayList<>(atoms);
      for (Atom atom : other.atoms) {
        if (!rest.remove(atom)) {
          return null;
        }
      }
      return new Product(List.copyOf(rest));
    }
  }

  private final long constant;
  private final NavigableMap<Product, Long> terms;

  private Dim(long constant, NavigableMap<Product, Long> terms) {
    this.constant = constant;
    this.terms = terms;
  }

  public static Dim of(long value) {
    return value == 0 ? ZERO : value == 1 ? ONE : new Dim(value, new TreeMap<>());
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

  public static Dim of(Atom atom) {
    NavigableMap<Product, Long> terms = new TreeMap<>();
    terms.put(new Product(List.of(atom)), 1L);
    return new Dim(0, terms);
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
    List<Dim> dims = new ArrayList<>(values.length);
    for (long value : values) {
      dims.add(of(value));
    }
    return List.copyOf(dims);
  }

  public boolean isConst() {
    return terms.isEmpty();
  }

  /** The value of a constant. */
  public OptionalLong constant() {
    return terms.isEmpty() ? OptionalLong.of(constant) : OptionalLong.empty();
  }

  /**
   * The value of a constant; throws {@link IllegalStateException} naming the expression otherwise.
   */
  public long value() {
    if (!terms.isEmpty()) {
      throw new IllegalStateException("dimension " + this + " is not a constant");
    }
    return constant;
  }

  public boolean is(long value) {
    return terms.isEmpty() && constant == value;
  }

  /** The part that no atom multiplies. */
  public long constantTerm() {
    return constant;
  }

  public Dim plus(Dim other) {
    if (other.is(0)) {
      return this;
    }
    NavigableMap<Product, Long> sum = new TreeMap<>(terms);
    other.terms.forEach((product, c) -> add(sum, product, c));
    return new Dim(Math.addExact(constant, other.constant), sum);
  }

  public Dim plus(long other) {
    return plus(of(other));
  }

  public Dim minus(Dim other) {
    return plus(other.times(-1));
  }

  public Dim minus(long other) {
    return plus(of(Math.negateExact(other)));
  }

  public Dim times(long factor) {
    return times(of(factor));
  }

  public Dim times(Dim other) {
    if (other.is(1)) {
      return this;
    }
    NavigableMap<Product, Long> result = new TreeMap<>();
    terms.forEach(
        (product, c) -> {
          if (other.constant != 0) {
            add(result, product, Math.multiplyExact(c, other.constant));
          }
          other.terms.forEach((p, d) -> add(result, product.times(p), Math.multiplyExact(c, d)));
        });
    if (constant != 0) {
      other.terms.forEach((p, d) -> add(result, p, Math.multiplyExact(constant, d)));
    }
    return new Dim(Math.multiplyExact(constant, other.constant), result);
  }

  private static void add(NavigableMap<Product, Long> terms, Product product, long c) {
    long sum = Math.addExact(terms.getOrDefault(product, 0L), c);
    if (sum == 0) {
      terms.remove(product);
    } else {
      terms.put(product, sum);
    }
  }

  /** Division rounding down; {@code divisor} must be positive. */
  public Dim floorDiv(Dim divisor) {
    if (divisor.is(1)) {
      return this;
    }
    if (isConst() && divisor.isConst()) {
      return of(Math.floorDiv(constant, divisor.value()));
    }
    Split split = split(divisor);
    if (split.restBelow(divisor)) {
      return split.quotient;
    }
    Dim base = of(new Apply(Op.FLOOR_DIV, split.rest, divisor));
    Dim merged = mergeNested(split.rest, divisor);
    return split.quotient.plus(merged == null ? base : merged);
  }

  /** {@code ((x // a) // b)} is {@code x // (a * b)}. */
  private static Dim mergeNested(Dim rest, Dim divisor) {
    if (rest.constant == 0 && rest.terms.size() == 1) {
      Map.Entry<Product, Long> only = rest.terms.firstEntry();
      if (only.getValue() == 1
          && only.getKey().atoms().size() == 1
          && only.getKey().atoms().getFirst() instanceof Apply(Op op, Dim left, Dim right)
          && op == Op.FLOOR_DIV) {
        return left.floorDiv(right.times(divisor));
      }
    }
    return null;
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
    if (divisor.is(1)) {
      return ZERO;
    }
    if (isConst() && divisor.isConst()) {
      return of(Math.floorMod(constant, divisor.value()));
    }
    Split split = split(divisor);
    if (split.restBelow(divisor)) {
      return split.rest;
    }
    return of(new Apply(Op.MOD, split.rest, divisor));
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
    Dim difference = minus(other);
    long low = difference.min();
    long high = difference.max();
    if (low != -UNBOUNDED && low >= 0) {
      return op == Op.MAX ? this : other;
    }
    if (high != UNBOUNDED && high <= 0) {
      return op == Op.MAX ? other : this;
    }
    return toString().compareTo(other.toString()) <= 0
        ? of(new Apply(op, this, other))
        : of(new Apply(op, other, this));
  }

  /**
   * {@code this == quotient * divisor + rest}, with every term that {@code divisor} divides in the
   * quotient.
   */
  private record Split(Dim quotient, Dim rest) {
    boolean restBelow(Dim divisor) {
      long low = rest.min();
      if (low == -UNBOUNDED || low < 0) {
        return false;
      }
      long high = rest.max();
      if (divisor.min() != -UNBOUNDED && high != UNBOUNDED && high < divisor.min()) {
        return true;
      }
      return below(rest, divisor);
    }

    /** Mixed radix: {@code i * s + r < extent(i) * s} when {@code r < s}. */
    private static boolean below(Dim rest, Dim limit) {
      if (rest.is(0)) {
        return limit.min() > 0;
      }
      for (Map.Entry<Product, Long> term : rest.terms.entrySet()) {
        for (Atom atom : term.getKey().atoms()) {
          if (!(atom instanceof Symbol symbol) || symbol.extent() == null) {
            continue;
          }
          Product without = term.getKey().without(new Product(List.of(atom)));
          NavigableMap<Product, Long> map = new TreeMap<>();
          Dim stride;
          if (without.atoms().isEmpty()) {
            stride = of(term.getValue());
          } else {
            map.put(without, term.getValue());
            stride = new Dim(0, map);
          }
          if (!symbol.extent().times(stride).equals(limit)) {
            continue;
          }
          NavigableMap<Product, Long> remaining = new TreeMap<>(rest.terms);
          remaining.remove(term.getKey());
          Dim tail = new Dim(rest.constant, remaining);
          if (tail.is(0)
              || tail.min() >= 0
                  && (tail.max() != UNBOUNDED && tail.max() < stride.min()
                      || below(tail, stride))) {
            return true;
          }
        }
      }
      return false;
    }
  }

  private Split split(Dim divisor) {
    NavigableMap<Product, Long> quotient = new TreeMap<>();
    NavigableMap<Product, Long> rest = new TreeMap<>();
    long quotientConstant = 0;
    long restConstant = constant;
    if (divisor.isConst()) {
      long d = divisor.constant;
      terms.forEach(
          (product, c) -> {
            long q = Math.floorDiv(c, d);
            if (Math.floorMod(c, d) == 0) {
              quotient.put(product, q);
            } else {
              rest.put(product, c);
            }
          });
      quotientConstant = Math.floorDiv(constant, d);
      restConstant = Math.floorMod(constant, d);
    } else if (divisor.constant == 0 && divisor.terms.size() == 1) {
      Map.Entry<Product, Long> unit = divisor.terms.firstEntry();
      for (Map.Entry<Product, Long> term : terms.entrySet()) {
        Product left = term.getKey().without(unit.getKey());
        if (left == null || term.getValue() % unit.getValue() != 0) {
          rest.put(term.getKey(), term.getValue());
        } else if (left.atoms().isEmpty()) {
          quotientConstant += term.getValue() / unit.getValue();
        } else {
          quotient.put(left, term.getValue() / unit.getValue());
        }
      }
    } else if (equals(divisor)) {
      return new Split(ONE, ZERO);
    } else {
      rest.putAll(terms);
    }
    return new Split(new Dim(quotientConstant, quotient), new Dim(restConstant, rest));
  }

  /** Lower bound that follows from the symbols' bounds; {@code -UNBOUNDED} if none does. */
  public long min() {
    return bound(false);
  }

  /** Upper bound that follows from the symbols' bounds; {@link #UNBOUNDED} if none does. */
  public long max() {
    return bound(true);
  }

  private long bound(boolean upper) {
    long sum = constant;
    for (Map.Entry<Product, Long> term : terms.entrySet()) {
      long c = term.getValue();
      long[] range = range(term.getKey());
      long edge = upper == c > 0 ? range[1] : range[0];
      if (edge == UNBOUNDED || edge == -UNBOUNDED) {
        return upper ? UNBOUNDED : -UNBOUNDED;
      }
      long product = saturatedMultiply(c, edge);
      sum = saturatedAdd(sum, product);
      if (sum == UNBOUNDED || sum == -UNBOUNDED) {
        return upper ? UNBOUNDED : -UNBOUNDED;
      }
    }
    return sum;
  }

  private static long[] range(Product product) {
    long low = 1;
    long high = 1;
    for (Atom atom : product.atoms()) {
      long[] r = range(atom);
      if (r[0] < 0 || low < 0) {
        if (r[0] == -UNBOUNDED || r[1] == UNBOUNDED || high == UNBOUNDED || low == -UNBOUNDED) {
          return new long[] {-UNBOUNDED, UNBOUNDED};
        }
        long a = saturatedMultiply(low, r[0]);
        long b = saturatedMultiply(low, r[1]);
        long c = saturatedMultiply(high, r[0]);
        long d = saturatedMultiply(high, r[1]);
        low = Math.min(Math.min(a, b), Math.min(c, d));
        high = Math.max(Math.max(a, b), Math.max(c, d));
      } else {
        low = saturatedMultiply(low, r[0]);
        high = high == UNBOUNDED || r[1] == UNBOUNDED ? UNBOUNDED : saturatedMultiply(high, r[1]);
      }
    }
    return new long[] {low, high};
  }

  private static long[] range(Atom atom) {
    return switch (atom) {
      case Symbol s -> new long[] {s.min(), s.max()};
      case Apply(Op op, Dim left, Dim right) ->
          switch (op) {
            case MOD -> new long[] {0, right.max() == UNBOUNDED ? UNBOUNDED : right.max() - 1};
            case FLOOR_DIV -> {
              long low = left.min();
              long high = left.max();
              long least = Math.max(1, right.min());
              yield new long[] {
                low == -UNBOUNDED
                    ? low
                    : low >= 0 && right.max() == UNBOUNDED
                        ? 0
                        : Math.floorDiv(low, low < 0 ? least : right.max()),
                high == UNBOUNDED
                    ? high
                    : high < 0 && right.max() == UNBOUNDED
                        ? 0
                        : Math.floorDiv(high, high < 0 ? right.max() : least)
              };
            }
            case MIN ->
                new long[] {Math.min(left.min(), right.min()), Math.min(left.max(), right.max())};
            case MAX ->
                new long[] {Math.max(left.min(), right.min()), Math.max(left.max(), right.max())};
          };
    };
  }

  private static long saturatedMultiply(long a, long b) {
    if (a == 0 || b == 0) {
      return 0;
    }
    long high = Math.multiplyHigh(a, b);
    long low = a * b;
    if (high == 0 && low >= 0 || high == -1 && low < 0) {
      return low == Long.MIN_VALUE ? -UNBOUNDED : low;
    }
    return (a < 0) == (b < 0) ? UNBOUNDED : -UNBOUNDED;
  }

  private static long saturatedAdd(long a, long b) {
    long sum = a + b;
    if (((a ^ sum) & (b ^ sum)) < 0) {
      return a > 0 ? UNBOUNDED : -UNBOUNDED;
    }
    return sum == Long.MIN_VALUE ? -UNBOUNDED : sum;
  }

  /** All symbols in this expression, in order of appearance. */
  public Set<Symbol> symbols() {
    Set<Symbol> found = new LinkedHashSet<>();
    collect(found);
    return found;
  }

  private void collect(Set<Symbol> found) {
    for (Product product : terms.keySet()) {
      for (Atom atom : product.atoms()) {
        switch (atom) {
          case Symbol s -> found.add(s);
          case Apply(Op op, Dim left, Dim right) -> {
            left.collect(found);
            right.collect(found);
          }
        }
      }
    }
  }

  /** Replaces symbols; {@code with} returns null for those that stay. */
  public Dim substitute(Function<Symbol, Dim> with) {
    if (terms.isEmpty()) {
      return this;
    }
    Dim result = of(constant);
    for (Map.Entry<Product, Long> term : terms.entrySet()) {
      Dim product = of(term.getValue());
      for (Atom atom : term.getKey().atoms()) {
        product =
            product.times(
                switch (atom) {
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
                });
      }
      result = result.plus(product);
    }
    return result;
  }

  /**
   * Value with every symbol given; throws {@link IllegalArgumentException} naming a missing one.
   */
  public long evaluate(Map<String, Long> values) {
    Dim result = substitute(s -> values.containsKey(s.name()) ? of(values.get(s.name())) : null);
    if (!result.isConst()) {
      throw new IllegalArgumentException(
          "no value for symbol " + result.symbols().iterator().next().name());
    }
    return result.constant;
  }

  /**
   * The coefficient of {@code symbol} if this is affine in it, empty if the symbol occurs in any
   * other way.
   */
  public java.util.Optional<Dim> coefficient(Symbol symbol) {
    Dim result = ZERO;
    for (Map.Entry<Product, Long> term : terms.entrySet()) {
      int count = 0;
      for (Atom atom : term.getKey().atoms()) {
        if (atom.equals(symbol)) {
          count++;
        } else if (atom instanceof Apply(Op op, Dim left, Dim right)
            && (left.symbols().contains(symbol) || right.symbols().contains(symbol))) {
          return java.util.Optional.empty();
        }
      }
      if (count > 1) {
        return java.util.Optional.empty();
      }
      if (count == 1) {
        Product left = term.getKey().without(new Product(List.of(symbol)));
        Dim part = of(term.getValue());
        for (Atom atom : left.atoms()) {
          part = part.times(of(atom));
        }
        result = result.plus(part);
      }
    }
    return java.util.Optional.of(result);
  }

  /**
   * Sees each term as (atoms, coefficient), the constant last with no atoms if it is not 0 or
   * stands alone.
   */
  public void forEachTerm(java.util.function.BiConsumer<List<Atom>, Long> visitor) {
    terms.forEach((product, c) -> visitor.accept(product.atoms(), c));
    if (constant != 0 || terms.isEmpty()) {
      visitor.accept(List.of(), constant);
    }
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Dim d && d.constant == constant && d.terms.equals(terms);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(constant) * 31 + terms.hashCode();
  }

  @Override
  public String toString() {
    if (terms.isEmpty()) {
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
