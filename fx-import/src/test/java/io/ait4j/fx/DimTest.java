package io.ait4j.fx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class DimTest {
  private static Dim index(String name, long extent) {
    return Dim.index(name, Dim.of(extent));
  }

  @Test
  void divisionUndoesMultiplication() {
    Dim i = index("i", 7);
    Dim j = index("j", 5);
    Dim flat = i.times(5).plus(j);
    assertThat(flat.floorDiv(5)).isEqualTo(i);
    assertThat(flat.mod(5)).isEqualTo(j);
    assertThat(flat.floorDiv(35)).isEqualTo(Dim.ZERO);
  }

  @Test
  void divisionUndoesMultiplicationBySymbols() {
    Dim n = Dim.symbol("n", 1, Dim.UNBOUNDED);
    Dim m = Dim.symbol("m", 1, Dim.UNBOUNDED);
    Dim i = Dim.index("i", Dim.symbol("a", 1, Dim.UNBOUNDED));
    Dim j = Dim.index("j", n);
    Dim k = Dim.index("k", m);
    Dim flat = i.times(n).times(m).plus(j.times(m)).plus(k);
    assertThat(flat.floorDiv(m)).isEqualTo(i.times(n).plus(j));
    assertThat(flat.mod(m)).isEqualTo(k);
    assertThat(flat.floorDiv(n.times(m))).isEqualTo(i);
    assertThat(flat.floorDiv(m).mod(n)).isEqualTo(j);
    assertThat(flat.mod(n.times(m)).floorDiv(m)).isEqualTo(j);
  }

  @Test
  void divisionByASum() {
    Dim length = Dim.symbol("n", 1, Dim.UNBOUNDED).plus(1);
    Dim i = index("i", 6);
    Dim j = Dim.index("j", length);
    Dim flat = i.times(length).plus(j);
    assertThat(flat.floorDiv(length)).isEqualTo(i);
    assertThat(flat.mod(length)).isEqualTo(j);
  }

  @Test
  void nestedReshapes() {
    Dim i = index("i", 9);
    Dim j = index("j", 3);
    Dim k = index("k", 4);
    Dim flat = i.times(12).plus(j.times(4)).plus(k);
    assertThat(flat.floorDiv(4).mod(3)).isEqualTo(j);
    assertThat(flat.mod(12).floorDiv(4)).isEqualTo(j);
    assertThat(flat.floorDiv(12)).isEqualTo(i);
    assertThat(flat.mod(4)).isEqualTo(k);
    assertThat(flat.floorDiv(2).mod(2)).isEqualTo(k.floorDiv(2));
  }

  @Test
  void splittingAndMergingIsNothing() {
    Dim x = index("x", 120);
    assertThat(x.floorDiv(4).times(4).plus(x.mod(4))).isEqualTo(x);
    Dim a = x.floorDiv(12);
    Dim b = x.floorDiv(4).mod(3);
    Dim c = x.mod(4);
    assertThat(a.times(12).plus(b.times(4)).plus(c)).isEqualTo(x);
    assertThat(c.plus(b.times(4)).plus(a.times(12))).isEqualTo(x);
    assertThat(b.times(4).plus(c)).isEqualTo(x.mod(12));
    Dim n = Dim.symbol("n", 1, Dim.UNBOUNDED);
    assertThat(x.floorDiv(4).times(n).times(4).plus(x.mod(4).times(n))).isEqualTo(x.times(n));
    assertThat(x.floorDiv(n).times(n).plus(x.mod(n))).isEqualTo(x);
  }

  @Test
  void twoFormsOfOneIndexAreEqual() {
    Dim x = index("x", 1000);
    assertThat(x.mod(12).floorDiv(4)).isEqualTo(x.floorDiv(4).mod(3));
    assertThat(x.mod(12).mod(4)).isEqualTo(x.mod(4));
    assertThat(x.floorDiv(3).floorDiv(4)).isEqualTo(x.floorDiv(12));
    assertThat(x.times(2).floorDiv(4)).isEqualTo(x.floorDiv(2));
    assertThat(x.times(6).mod(4)).isEqualTo(x.mod(2).times(2));
    assertThat(x.plus(8).mod(4)).isEqualTo(x.mod(4));
    assertThat(x.mod(12).plus(8).mod(4)).isEqualTo(x.mod(4));
  }

  @Test
  void boundsDecide() {
    Dim i = index("i", 4);
    assertThat(i.plus(4).floorDiv(4)).isEqualTo(Dim.ONE);
    assertThat(i.plus(4).mod(8)).isEqualTo(i.plus(4));
    assertThat(i.minus(4).floorDiv(4)).isEqualTo(Dim.of(-1));
    assertThat(i.max(Dim.ZERO)).isEqualTo(i);
    assertThat(i.min(Dim.of(3))).isEqualTo(i);
    assertThat(i.plus(1).max(i)).isEqualTo(i.plus(1));
    Dim n = Dim.symbol("n", 2, Dim.UNBOUNDED);
    assertThat(n.max(Dim.ONE)).isEqualTo(n);
    assertThat(n.times(n).min()).isEqualTo(4);
    assertThat(n.max()).isEqualTo(Dim.UNBOUNDED);
  }

  @Test
  void coefficientsOfAffineExpressions() {
    Dim i = index("i", 4);
    Dim n = Dim.symbol("n", 1, 9);
    Dim.Symbol symbol = i.symbols().iterator().next();
    assertThat(i.times(3).times(n).plus(n).coefficient(symbol)).contains(n.times(3));
    assertThat(i.times(i).coefficient(symbol)).isEmpty();
    assertThat(i.plus(3).floorDiv(2).coefficient(symbol)).isEmpty();
    assertThat(n.coefficient(symbol)).contains(Dim.ZERO);
  }

  @Test
  void textReadsAsArithmetic() {
    Dim i = index("i", 40);
    Dim n = Dim.symbol("n", 1, 9);
    assertThat(i.times(2).plus(n).minus(3)).hasToString("2*i + n - 3");
    assertThat(i.floorDiv(7)).hasToString("(i // 7)");
  }

  @Test
  void aMissingValueIsNamed() {
    assertThatThrownBy(() -> index("i", 4).plus(1).evaluate(Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("i");
  }

  /** An expression, and what it is worth by plain arithmetic. */
  private record Sample(Dim dim, java.util.function.ToLongFunction<Map<String, Long>> value) {}

  private static Sample random(Random random, int depth, List<Sample> leaves) {
    if (depth == 0 || random.nextInt(6) == 0) {
      if (random.nextInt(3) == 0) {
        long c = random.nextInt(-6, 13);
        return new Sample(Dim.of(c), v -> c);
      }
      return leaves.get(random.nextInt(leaves.size()));
    }
    Sample a = random(random, depth - 1, leaves);
    Sample b = random(random, depth - 1, leaves);
    long d = List.of(1, 2, 3, 4, 5, 6, 8, 12).get(random.nextInt(8));
    return switch (random.nextInt(9)) {
      case 0, 1 ->
          new Sample(a.dim.plus(b.dim), v -> a.value.applyAsLong(v) + b.value.applyAsLong(v));
      case 2 ->
          new Sample(a.dim.minus(b.dim), v -> a.value.applyAsLong(v) - b.value.applyAsLong(v));
      case 3 -> new Sample(a.dim.times(d), v -> a.value.applyAsLong(v) * d);
      case 4 ->
          new Sample(a.dim.times(b.dim), v -> a.value.applyAsLong(v) * b.value.applyAsLong(v));
      case 5 -> new Sample(a.dim.floorDiv(d), v -> Math.floorDiv(a.value.applyAsLong(v), d));
      case 6 -> new Sample(a.dim.mod(d), v -> Math.floorMod(a.value.applyAsLong(v), d));
      case 7 ->
          random.nextBoolean()
              ? new Sample(
                  a.dim.min(b.dim), v -> Math.min(a.value.applyAsLong(v), b.value.applyAsLong(v)))
              : new Sample(
                  a.dim.max(b.dim), v -> Math.max(a.value.applyAsLong(v), b.value.applyAsLong(v)));
      default -> {
        Sample n = leaves.getLast();
        yield random.nextBoolean()
            ? new Sample(
                a.dim.floorDiv(n.dim),
                v -> Math.floorDiv(a.value.applyAsLong(v), n.value.applyAsLong(v)))
            : new Sample(
                a.dim.mod(n.dim),
                v -> Math.floorMod(a.value.applyAsLong(v), n.value.applyAsLong(v)));
      }
    };
  }

  @Property(tries = 3000)
  void simplificationNeverChangesAValue(@ForAll long seed) {
    Random random = new Random(seed);
    long iExtent = 1 + random.nextInt(13);
    long nMax = 1 + random.nextInt(5);
    Dim n = Dim.symbol("n", 1, nMax);
    List<Sample> leaves = new ArrayList<>();
    leaves.add(new Sample(index("i", iExtent), v -> v.get("i")));
    leaves.add(new Sample(Dim.index("j", n), v -> v.get("j")));
    leaves.add(new Sample(Dim.symbol("s", -3, 4), v -> v.get("s")));
    leaves.add(new Sample(n, v -> v.get("n")));
    Sample sample = random(random, 5, leaves);
    long low = sample.dim.min();
    long high = sample.dim.max();
    for (int k = 0; k < 40; k++) {
      Map<String, Long> values = new HashMap<>();
      values.put("i", (long) random.nextInt((int) iExtent));
      long size = 1 + random.nextInt((int) nMax);
      values.put("n", size);
      values.put("j", (long) random.nextInt((int) size));
      values.put("s", (long) random.nextInt(-3, 5));
      long expected = sample.value.applyAsLong(values);
      assertThat(sample.dim.evaluate(values))
          .as("%s at %s", sample.dim, values)
          .isEqualTo(expected);
      assertThat(expected).as("%s at %s", sample.dim, values).isBetween(low, high);
    }
  }

  /** Reads a flat index as a shape, writes it back in another factoring, any number of times. */
  @Property(tries = 500)
  void chainsOfReshapesEndWhereTheyBegan(@ForAll long seed) {
    Random random = new Random(seed);
    Dim x = index("x", 2 * 2 * 3 * 4 * 5);
    Dim flat = x;
    for (int step = 0; step < 4; step++) {
      List<Long> shape = new ArrayList<>(List.of(2L, 2L, 3L, 4L, 5L));
      java.util.Collections.shuffle(shape, random);
      for (int merges = random.nextInt(3); merges > 0; merges--) {
        int at = random.nextInt(shape.size() - 1);
        shape.set(at, shape.get(at) * shape.remove(at + 1));
      }
      Dim merged = Dim.ZERO;
      Dim rest = flat;
      long stride = 1;
      for (long size : shape.reversed()) {
        merged = merged.plus(rest.mod(size).times(stride));
        rest = rest.floorDiv(size);
        stride *= size;
      }
      flat = merged;
    }
    assertThat(flat).isEqualTo(x);
  }

  @Property(tries = 300)
  void indicesOfASplitAreTheSplit(@ForAll long seed) {
    Random random = new Random(seed);
    List<Dim> axes = new ArrayList<>();
    List<Long> sizes = new ArrayList<>();
    Dim flat = Dim.ZERO;
    for (int a = 0; a < 4; a++) {
      long size = 1 + random.nextInt(6);
      Dim axis = index("i" + a, size);
      flat = flat.times(size).plus(axis);
      axes.add(axis);
      sizes.add(size);
    }
    Dim rest = flat;
    for (int a = 3; a >= 0; a--) {
      Dim expected = sizes.get(a) == 1 ? Dim.ZERO : axes.get(a);
      assertThat(rest.mod(sizes.get(a))).isEqualTo(expected);
      rest = rest.floorDiv(sizes.get(a));
    }
  }
}
