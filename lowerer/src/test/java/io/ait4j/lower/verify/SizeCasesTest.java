package io.ait4j.lower.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.GraphSignature;
import io.ait4j.fx.Guard;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.TensorMeta;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SizeCasesTest {
  private static FxGraph graph(List<Guard> guards, Dim... shape) {
    FxValue x = new FxValue("x", TensorMeta.contiguous(DType.FLOAT32, List.of(shape)));
    return new FxGraph(List.of(x), List.of(), List.of(), List.of(new Arg.Value("x")), Map.of())
        .withSignature(new GraphSignature(List.of(), List.of(), List.of(), guards));
  }

  private static List<SizeCase> cases(FxGraph graph, Dim... symbols) {
    List<Dim.Symbol> all =
        Arrays.stream(symbols).map(symbol -> symbol.symbols().iterator().next()).toList();
    return new SizeCases(graph, all).all();
  }

  @Test
  void theExtremesAndAPrimeBetween() {
    Dim batch = Dim.symbol("batch", 1, 16);
    assertThat(cases(graph(List.of(), batch), batch))
        .extracting(SizeCase::label)
        .containsExactly("batch=1", "batch=11", "batch=16");
    Dim two = Dim.symbol("n", 1, 2);
    assertThat(cases(graph(List.of(), two), two))
        .extracting(SizeCase::label)
        .containsExactly("n=1", "n=2");
  }

  @Test
  void everySymbolHasAPrimeOfItsOwn() {
    Dim a = Dim.symbol("a", 2, 40);
    Dim b = Dim.symbol("b", 2, 40);
    assertThat(cases(graph(List.of(), a, b), a, b))
        .extracting(SizeCase::label)
        .containsExactly("a=2,b=2", "a=23,b=29", "a=40,b=40");
  }

  @Test
  void sizesThatBreakAGuardAreReplacedByTheNearestThatDoNot() {
    Dim n = Dim.symbol("n", 1, 15);
    Guard even = new Guard(n.mod(4), Guard.Relation.EQ, Dim.ZERO, "view");
    assertThat(cases(graph(List.of(even), n), n))
        .extracting(SizeCase::label)
        .containsExactly("n=4", "n=12");
    Dim a = Dim.symbol("a", 1, 9);
    Dim b = Dim.symbol("b", 1, 9);
    Guard equal = new Guard(a, Guard.Relation.EQ, b, "add");
    assertThat(cases(graph(List.of(equal), a, b), a, b))
        .extracting(SizeCase::label)
        .containsExactly("a=1,b=1", "a=5,b=5", "a=9,b=9");
  }

  @Test
  void theLargestFitsInMemoryAndSaysSo() {
    Dim n = Dim.symbol("n", 1, 1L << 40);
    List<SizeCase> all = cases(graph(List.of(), n, Dim.of(1 << 20)), n);
    SizeCase most = all.getLast();
    assertThat(most.sizes().get("n") * (4L << 20)).isBetween(7L << 30, 8L << 30);
    assertThat(most.label()).contains("fits in memory");
    assertThat(all).hasSize(3);
    Dim open = Dim.symbol("n", 1, Dim.UNBOUNDED);
    assertThat(cases(graph(List.of(), open, Dim.of(1 << 20)), open).getLast().sizes().get("n"))
        .isBetween(1L << 10, 1L << 12);
  }

  @Test
  void sizesThatCannotBeFoundAreAFailure() {
    Dim n = Dim.symbol("n", 1, 1_000_000);
    Guard far = new Guard(n.mod(100_003), Guard.Relation.EQ, Dim.of(7_000), "model.py:3");
    assertThatThrownBy(() -> cases(graph(List.of(far), n), n))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("7000")
        .hasMessageContaining("not compared");
  }

  @Test
  void sizesThatDependOnOneAnotherAreFound() {
    Dim n = Dim.symbol("n", 1, 64);
    Dim m = Dim.symbol("m", 1, 64);
    Guard twice = new Guard(n, Guard.Relation.EQ, m.times(2), "model.py:3");
    assertThat(cases(graph(List.of(twice), n, m), n, m))
        .isNotEmpty()
        .allSatisfy(c -> assertThat(twice.holds(c.sizes())).isTrue());
  }
}
