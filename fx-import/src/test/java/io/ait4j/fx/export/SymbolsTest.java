package io.ait4j.fx.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.Dim;
import io.ait4j.fx.ModelException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SymbolsTest {
  private static final Dim N = Dim.symbol("s0", 2, 64);
  private static final Dim M = Dim.symbol("s1", 1, Dim.UNBOUNDED);
  private static final Symbols SYMBOLS = new Symbols(Map.of("s0", N, "s1", M));

  /** {@code n} and {@code m} stand for the two symbols, a plain number for {@code Integer}. */
  private static Size size(String text) {
    return new Size.Expression(
        text.replaceAll("\\bn\\b", "Symbol('s0', positive=True, integer=True)")
            .replaceAll("\\bm\\b", "Symbol('s1', integer=True)")
            .replaceAll("(?<![\\w'])(-?\\d+)", "Integer($1)"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "n | 10",
        "Add(n, m, -3) | 12",
        "Mul(2, n, m) | 100",
        "Mul(-1, n) | -10",
        "Pow(n, 2) | 100",
        "PowByNatural(n, 3) | 1000",
        "FloorDiv(n, 3) | 3",
        "FloorDiv(Add(n, Mul(-1, m)), m) | 1",
        "CeilDiv(n, 3) | 4",
        "CleanDiv(n, 5) | 2",
        "Mod(n, 4) | 2",
        "PythonMod(Add(n, -11), 4) | 3",
        "ModularIndexing(n, 2, 3) | 2",
        "Max(n, m, 7) | 10",
        "Min(n, m, 7) | 5",
        "Abs(Add(m, Mul(-1, n))) | 5",
        "floor(Mul(Rational(1, 3), n)) | 3",
        "ceiling(Mul(Rational(1, 3), n)) | 4",
        "FloorToInt(IntTrueDiv(n, 4)) | 2",
        "CeilToInt(FloatTrueDiv(ToFloat(n), ToFloat(4))) | 3",
        "TruncToInt(IntTrueDiv(n, 4)) | 2",
        "Mul(Rational(1, 2), n) | 5",
        "Mul(n, Pow(m, -1)) | 2",
        "Identity(n) | 10",
        "Where(StrictGreaterThan(n, 1), m, 0) | 5",
        "Where(Equality(n, 1), m, 0) | 0",
      })
  void expressionsHaveTheValueThatSympyGivesThem(String text, long expected) {
    String srepr = text.replaceAll("Rational\\((\\d), (\\d)\\)", "Rational[$1; $2]");
    Size.Expression size = (Size.Expression) size(srepr);
    String whole =
        size.text()
            .replaceAll("Rational\\[Integer\\((\\d)\\); Integer\\((\\d)\\)\\]", "Rational($1, $2)");
    Dim dim = SYMBOLS.dim(new Size.Expression(whole)).orElseThrow();
    assertThat(dim.evaluate(Map.of("s0", 10L, "s1", 5L))).isEqualTo(expected);
  }

  @Test
  void aSizeWithAnotherSymbolIsNotDetermined() {
    assertThat(SYMBOLS.dim(size("Add(n, Symbol('u0', integer=True))"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Zeta(n)",
        "Add(n",
        "Add(n,, m)",
        "Add(n) m",
        "Symbol(s0)",
        "Symbol('s0', positive)",
        "Integer(12345678901234567890123)",
        "Rational(1, 0)",
        "FloorDiv(n, 0)",
        "FloorDiv(n, Add(m, -1))",
        "FloorDiv(n)",
        "Mod(n, Mul(Rational(1, 2), m))",
        "Pow(n, m)",
        "Pow(2, 1000000)",
        "Mul(9223372036854775807, n, 5)",
        "Where(Equality(n, 3), 1, 2)",
        "Float('1.5', precision=53)",
        "TruncToInt(Add(m, -100))",
        "Max(true, n)",
        ""
      })
  void whatIsNoSizeIsRefusedByItsText(String text) {
    assertThatThrownBy(() -> SYMBOLS.dim(size(text.replace("Rational(1, 2)", "Half(1)"))))
        .isInstanceOfSatisfying(
            ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.IMPORT))
        .hasMessageContaining("a size that cannot be read");
  }

  @Test
  void deepExpressionsAreRefusedNotFollowed() {
    String deep = "Abs(".repeat(5000) + "n" + ")".repeat(5000);
    assertThatThrownBy(() -> SYMBOLS.dim(size(deep)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("cannot be read");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Equality(Mod(n, 2), 0) | [(s0 % 2) == 0]",
        "Ne(n, 3) | [s0 != 3]",
        "StrictLessThan(n, 10) | [s0 < 10]",
        "LessThan(m, n) | [s1 <= s0]",
        "GreaterThan(n, 3) | [3 <= s0]",
        "Gt(m, 3) | [3 < s1]",
        "Not(Equality(n, 3)) | [s0 != 3]",
        "Not(Lt(n, 3)) | [3 <= s0]",
        "Not(Le(n, 3)) | [3 < s0]",
        "And(Gt(m, 3), Ne(n, 5)) | [3 < s1, s0 != 5]",
        "Not(Or(Le(m, 3), Eq(n, 5))) | [3 < s1, s0 != 5]",
        "Or(Gt(m, 3), Ge(n, 2)) | []",
        "Ge(n, 2) | []",
        "true | []",
        "Eq(n, 1) | [0 == 1]",
        "Ge(Mul(Half(1), n), 3) | [6 <= s0]",
      })
  void conditionsBecomeGuardsUnlessTheBoundsDecideThem(String text, String expected) {
    Size.Expression size = (Size.Expression) size(text.replace("Half(1)", "H"));
    Size whole = new Size.Expression(size.text().replace("H", "Rational(1, 2)"));
    assertThat(SYMBOLS.condition(whole, "test").orElseThrow()).hasToString(expected);
  }

  @Test
  void oneOfTwoConditionsCannotBeAGuard() {
    assertThatThrownBy(() -> SYMBOLS.condition(size("Or(Gt(m, 3), Gt(n, 5))"), "test"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("one of several conditions");
  }
}
