package io.ait4j.fx.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.Typer;
import io.ait4j.fx.memory.Context;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Python's functions on sizes that the file gives no expression for. */
class SizeFunctionsTest {
  private static final Dim N = Dim.symbol("n", 2, 64);

  private static Arg call(String target, Arg... args) {
    return SizeFunctions.apply(
        new Context(new FxGraphBuilder(Typer.NONE)),
        new ProgramNode(target, List.of(), List.of(), ""),
        List.of(args));
  }

  private static Arg n(long value) {
    return new Arg.Int(value);
  }

  private static Arg f(double value) {
    return new Arg.Float(value);
  }

  @Test
  void numbersAreComputedAsPythonDoes() {
    assertThat(call("_operator.truediv", n(3), n(2))).isEqualTo(f(1.5));
    assertThat(call("_operator.floordiv", n(-3), n(2))).isEqualTo(n(-2));
    assertThat(call("_operator.mod", n(-3), n(2))).isEqualTo(n(1));
    assertThat(call("_operator.mul", f(1.5), n(2))).isEqualTo(f(3));
    assertThat(call("math.ceil", f(1.2))).isEqualTo(n(2));
    assertThat(call("math.floor", f(-1.2))).isEqualTo(n(-2));
    assertThat(call("math.trunc", f(-1.2))).isEqualTo(n(-1));
    assertThat(call("torch.sym_float", n(3))).isEqualTo(f(3));
    assertThat(call("torch._sym_sqrt", n(16))).isEqualTo(f(4));
    assertThat(call("_operator.eq", n((1L << 53) + 1), n(1L << 53))).isEqualTo(new Arg.Bool(false));
    assertThat(call("_operator.le", n(3), f(3))).isEqualTo(new Arg.Bool(true));
  }

  @Test
  void sizesStayExpressions() {
    Arg size = Arg.of(N);
    assertThat(call("_operator.add", size, n(1))).isEqualTo(Arg.of(N.plus(1)));
    assertThat(call("_operator.sub", n(1), size)).isEqualTo(Arg.of(Dim.ONE.minus(N)));
    assertThat(call("_operator.floordiv", size, n(3))).isEqualTo(Arg.of(N.floorDiv(3)));
    assertThat(call("_operator.mod", size, n(3))).isEqualTo(Arg.of(N.mod(3)));
    assertThat(call("_operator.neg", size)).isEqualTo(Arg.of(N.times(-1)));
    assertThat(call("torch.sym_max", size, n(8))).isEqualTo(Arg.of(N.max(Dim.of(8))));
    assertThat(call("torch.sym_min", size, n(1))).isEqualTo(n(1));
    assertThat(call("torch.sym_sum", new Arg.Sequence(List.of(size, n(2), size))))
        .isEqualTo(Arg.of(N.times(2).plus(2)));
  }

  @Test
  void whatCannotBeSaidIsRefusedByName() {
    for (Arg[] args :
        List.of(
            new Arg[] {Arg.of(N), n(2)},
            new Arg[] {Arg.of(N), f(2)},
            new Arg[] {new Arg.Str("a"), n(2)})) {
      assertThatThrownBy(() -> call("_operator.truediv", args))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("_operator.truediv");
    }
    assertThatThrownBy(() -> call("_operator.floordiv", Arg.of(N), n(0)))
        .isInstanceOf(ModelException.class);
  }
}
