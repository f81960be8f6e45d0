package io.ait4j.compiler.ir;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.fx.Dim;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Maps that have a way back, and that it leads back. */
class IndicesTest {
  private static final Dim.Symbol H = axis("h", 14);
  private static final Dim.Symbol W = axis("w", 21);
  private static final Dim.Symbol C = axis("c", 5);
  private static final Dim.Symbol ONE = axis("one", 1);

  private static Dim.Symbol axis(String name, long extent) {
    return new Dim.Symbol(name, 0, extent - 1, Dim.of(extent));
  }

  private static Dim dim(Dim.Symbol axis) {
    return Dim.of(axis);
  }

  /** Every point's index, sent back, must be the point. */
  private static void assertInverts(List<Dim.Symbol> axes, List<Dim> index, long... shape) {
    Function<List<Dim>, Map<Dim.Symbol, Dim>> inverse =
        Indices.inverse(axes, index, Dim.ofAll(shape)).orElseThrow();
    Map<String, Long> point = new HashMap<>();
    axes.forEach(a -> point.put(a.name(), 0L));
    do {
      List<Dim> element = index.stream().map(d -> Dim.of(d.evaluate(point))).toList();
      Map<Dim.Symbol, Dim> back = inverse.apply(element);
      axes.forEach(
          a ->
              assertThat(back.get(a).value())
                  .as(a + " at " + point)
                  .isEqualTo(point.get(a.name())));
    } while (next(axes, point));
  }

  private static boolean next(List<Dim.Symbol> axes, Map<String, Long> point) {
    for (Dim.Symbol axis : axes) {
      long value = point.merge(axis.name(), 1L, Long::sum);
      if (value <= axis.max()) {
        return true;
      }
      point.put(axis.name(), 0L);
    }
    return false;
  }

  @Test
  void windowsOfAnImage() {
    assertInverts(
        List.of(H, W, C),
        List.of(
            dim(H).floorDiv(7).times(3).plus(dim(W).floorDiv(7)),
            dim(H).mod(7).times(7).plus(dim(W).mod(7)),
            dim(C)),
        6,
        49,
        5);
  }

  @Test
  void shuffledDigitsAndAxesOfOne() {
    assertInverts(
        List.of(ONE, H, C),
        List.of(dim(H).mod(2).times(5).plus(dim(C)), dim(ONE), dim(H).floorDiv(2)),
        10,
        1,
        7);
  }

  @Test
  void symbolicSizes() {
    Dim n = Dim.symbol("n", 1, 64);
    Dim.Symbol i = new Dim.Symbol("i", 0, 64 * 3 - 1, n.times(3));
    Optional<Function<List<Dim>, Map<Dim.Symbol, Dim>>> inverse =
        Indices.inverse(
            List.of(i, C),
            List.of(dim(i).floorDiv(n).plus(dim(C).times(3)), dim(i).mod(n)),
            List.of(Dim.of(15), n));
    Map<Dim.Symbol, Dim> back = inverse.orElseThrow().apply(Dim.ofAll(7, 4));
    assertThat(back.get(i)).isEqualTo(n.plus(4));
    assertThat(back.get(C)).isEqualTo(Dim.of(2));
  }

  @Test
  void whatMissesOrRepeatsElementsHasNone() {
    for (List<Dim> index :
        List.of(
            List.of(dim(H), dim(H)),
            List.of(dim(H), Dim.ZERO),
            List.of(dim(H).plus(1), dim(C)),
            List.of(dim(H).floorDiv(2), dim(C)),
            List.of(dim(H).mod(5).plus(dim(C).times(14)), dim(H).floorDiv(5)),
            List.of(dim(H).mod(7).mod(2).plus(dim(H).floorDiv(2).times(2)), dim(C)),
            List.of(dim(H).times(dim(C)), dim(C)))) {
      assertThat(Indices.inverse(List.of(H, C), index, Dim.ofAll(14, 5))).as("%s", index).isEmpty();
    }
  }
}
