package io.ait4j.fx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** What the sizes of exported models look like: quotients of products, rounded up and down. */
class DimOfSizesTest {
  private static final Dim N = Dim.symbol("n", 2, 64);
  private static final Dim M = Dim.symbol("m", 2, Dim.UNBOUNDED);

  @Test
  void commonFactorsOfQuotientsCancel() {
    assertThat(N.times(128).floorDiv(128)).isEqualTo(N);
    assertThat(N.times(M).times(12).floorDiv(M)).isEqualTo(N.times(12));
    assertThat(N.times(M).times(12).floorDiv(M.times(8))).isEqualTo(N.times(3).floorDiv(2));
    assertThat(N.times(M).times(12).mod(M.times(8))).isEqualTo(N.mod(2).times(M).times(4));
    Dim k = Dim.symbol("k", 1, 9);
    assertThat(N.times(M).floorDiv(M.times(k))).isEqualTo(N.floorDiv(k));
    assertThat(N.times(M).mod(M.times(k))).isEqualTo(N.mod(k).times(M));
  }

  @Test
  void roundingUpIsOneExpressionHoweverItIsSaid() {
    Dim up = N.plus(31).floorDiv(32);
    assertThat(N.ceilDiv(Dim.of(32))).isEqualTo(up);
    assertThat(N.times(-1).floorDiv(32).times(-1)).isEqualTo(up);
    assertThat(N.minus(1).floorDiv(32).plus(1)).isEqualTo(up);
    Dim k = Dim.symbol("k", 1, 9);
    assertThat(M.times(-1).floorDiv(k).times(-1)).isEqualTo(M.ceilDiv(k));
  }

  @Test
  void partsAreNeverLargerThanTheWhole() {
    assertThat(N.minus(N.floorDiv(2)).min()).isGreaterThanOrEqualTo(1);
    assertThat(N.plus(1).floorDiv(2).min(N)).isEqualTo(N.plus(1).floorDiv(2));
    assertThat(N.minus(N.min(Dim.of(5))).min()).isZero();
    assertThat(M.minus(M.mod(8)).min()).isZero();
    assertThat(N.floorDiv(4).times(4).max(N)).isEqualTo(N);
  }

  @Test
  void halvesMakeAWhole() {
    assertThat(N.floorDiv(2).plus(N.minus(N.floorDiv(2)))).isEqualTo(N);
    assertThat(N.floorDiv(2).times(2).plus(N.mod(2))).isEqualTo(N);
    assertThat(N.times(2).floorDiv(2).times(2)).isEqualTo(N.times(2));
  }

  @Test
  void overflowIsAnError() {
    assertThatThrownBy(() -> N.times(Long.MAX_VALUE / 2).times(3))
        .isInstanceOf(ArithmeticException.class);
    FxGraphBuilder builder = new FxGraphBuilder(Typer.NONE);
    Arg x = builder.input("x", TensorMeta.contiguous(DType.FLOAT32, List.of(N, Dim.of(1L << 40))));
    List<Arg> args = List.of(x, Arg.ints(1 << 20, 1 << 20));
    assertThatThrownBy(() -> builder.emit(OpTarget.parse("aten::repeat"), args, "model.py:3"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("aten::repeat at model.py:3")
        .hasMessageContaining("2^63");
  }

  @Test
  void largeExpressionsTakeNoTime() {
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> {
          Dim chain = M;
          for (int i = 0; i < 60; i++) {
            chain = chain.plus(i).floorDiv(2).plus(1);
          }
          assertThat(chain.times(N).floorDiv(chain)).isEqualTo(N);
          Dim product = Dim.ONE;
          for (int i = 0; i < 6; i++) {
            Dim sum = Dim.ZERO;
            for (int j = 0; j < 4; j++) {
              sum = sum.plus(Dim.symbol("p" + i + j, 1, 100));
            }
            product = product.times(sum);
          }
          assertThat(product.symbols()).hasSize(24);
          assertThat(product.min()).isEqualTo(4096);
          Dim rest = M;
          for (int i = 0; i < 14; i++) {
            rest = rest.minus(rest.floorDiv(3));
          }
          assertThat(rest.evaluate(Map.of("m", 1_000_000L))).isPositive();
        });
  }

  /** Sums of what sizes are made of, against their values. */
  @Property(tries = 2000)
  void boundsHoldForEveryValue(@ForAll long seed) {
    Random random = new Random(seed);
    List<Dim> parts = new ArrayList<>(List.of(N, Dim.symbol("k", 1, 9), Dim.symbol("z", -4, 5)));
    Dim sum = Dim.ZERO;
    for (int i = 0; i < 6; i++) {
      Dim a = parts.get(random.nextInt(parts.size()));
      Dim b = parts.get(random.nextInt(parts.size()));
      long d = 1 + random.nextInt(6);
      Dim part =
          switch (random.nextInt(5)) {
            case 0 -> a.plus(b.times(random.nextInt(-3, 4))).floorDiv(d);
            case 1 -> a.minus(b).mod(d);
            case 2 -> a.min(b.plus(random.nextInt(5)));
            case 3 -> a.max(b.times(2));
            default -> a.times(b);
          };
      parts.add(part);
      sum = sum.plus(part.times(random.nextInt(-3, 4)));
    }
    for (int i = 0; i < 30; i++) {
      Map<String, Long> values = new HashMap<>();
      values.put("n", (long) random.nextInt(2, 65));
      values.put("k", (long) random.nextInt(1, 10));
      values.put("z", (long) random.nextInt(-4, 6));
      assertThat(sum.evaluate(values)).as("%s at %s", sum, values).isBetween(sum.min(), sum.max());
    }
  }
}
