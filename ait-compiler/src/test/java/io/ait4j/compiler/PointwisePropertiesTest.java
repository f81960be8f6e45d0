package io.ait4j.compiler;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.NativeTensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Element by element, over random sizes, layouts, broadcasts and numbers. */
class PointwisePropertiesTest {
  private static final List<DType> FLOATS =
      List.of(DType.FLOAT32, DType.FLOAT64, DType.FLOAT16, DType.BFLOAT16);

  private static final List<DType> INTEGERS =
      List.of(DType.INT64, DType.INT32, DType.INT16, DType.INT8, DType.UINT8);
  private static final List<DType> TYPES =
      Arrays.stream(DType.values()).filter(t -> !t.isComplex()).toList();

  /** Of two zeros libtorch's extremes take either, depending on where they lie. */
  private static final double EQUAL = Double.MIN_VALUE;

  @TempDir Path cache;

  private void check(int cases, Consumer<Property> family) {
    Property.check(cache, cases, family);
  }

  @Test
  void functionsOfOneNumber() {
    check(
        200,
        p -> {
          for (DType dtype : FLOATS) {
            Arg x = p.spread(dtype, Contents.ANY, Property.N, Property.M);
            for (String name :
                List.of(
                    "neg",
                    "abs",
                    "sign",
                    "sqrt",
                    "reciprocal",
                    "floor",
                    "ceil",
                    "round",
                    "trunc",
                    "relu",
                    "logical_not",
                    "isnan",
                    "isinf",
                    "signbit",
                    "angle")) {
              p.expect(name + " of " + dtype, 0, p.call(name, x));
            }
            for (String name :
                List.of(
                    "exp",
                    "expm1",
                    "log",
                    "log1p",
                    "log2",
                    "log10",
                    "rsqrt",
                    "tanh",
                    "sigmoid",
                    "erfc",
                    "silu",
                    "sin",
                    "cos",
                    "asin",
                    "acos",
                    "atan",
                    "asinh",
                    "acosh",
                    "atanh",
                    "special_entr")) {
              p.expect(name + " of " + dtype, 2e-6, p.call(name, x));
            }
            p.expectSum("erf of " + dtype, 2e-6, 1, 1, p.call("erf", x)); // libtorch errs by 1e-7
          }
        });
  }

  @Test
  void specialFunctions() {
    check(
        200,
        p -> {
          for (DType dtype : FLOATS) {
            Arg x = p.columns(dtype, Contents.POSITIVE, Property.N, Property.M);
            Arg y = p.columns(dtype, Contents.UNIT, Property.N, Property.M);
            for (String name :
                List.of(
                    "lgamma",
                    "i0",
                    "special_i0e",
                    "special_i1",
                    "special_i1e",
                    "special_erfcx",
                    "special_log_ndtr")) {
              p.expect(name + " of " + dtype, 1e-5, p.call(name, x));
            }
            // near its zero libtorch's terms, some of them near 1, cancel
            p.expectSum("digamma of " + dtype, 2e-6, 1, 1, p.call("digamma", x));
            for (String name :
                List.of("erfinv", "special_ndtri", "special_log_ndtr", "special_erfcx", "lgamma")) {
              p.expect(name + " of " + dtype, 1e-5, p.call(name, y));
            }
          }
        });
  }

  /** Operands of both kinds of layout, one of them broadcast. */
  private static Arg[][] pairs(Property p, DType dtype, BiConsumer<NativeTensor, Random> right) {
    Arg whole = p.spread(dtype, Contents.ANY, Property.N, Property.M);
    return new Arg[][] {
      {whole, p.columns(dtype, right, Property.N, Property.M)},
      {whole, p.input(dtype, right, Property.M)},
      {p.input(dtype, Contents.ANY, Property.N, Dim.ONE), p.input(dtype, right, Property.M)}
    };
  }

  @Test
  void functionsOfTwoNumbers() {
    check(
        200,
        p -> {
          for (DType dtype : FLOATS) {
            Arg[][] pairs = pairs(p, dtype, Contents.ANY);
            int next = 0;
            for (String name :
                List.of(
                    "add.Tensor",
                    "sub.Tensor",
                    "mul.Tensor",
                    "div.Tensor",
                    "eq.Tensor",
                    "ne.Tensor",
                    "lt.Tensor",
                    "le.Tensor",
                    "gt.Tensor",
                    "ge.Tensor",
                    "logical_and",
                    "logical_or",
                    "logical_xor",
                    "heaviside",
                    "copysign.Tensor")) {
              Arg[] pair = pairs[next++ % 3];
              p.expect(name + " of " + dtype, 0, p.call(name, pair[0], pair[1]));
            }
            for (String name : List.of("maximum", "minimum", "fmax", "fmin")) {
              Arg[] pair = pairs[next++ % 3];
              p.expect(name + " of " + dtype, EQUAL, p.call(name, pair[0], pair[1]));
            }
            for (String name : List.of("atan2", "hypot", "pow.Tensor_Tensor")) {
              Arg[] pair = pairs[next++ % 3];
              p.expect(name + " of " + dtype, 4e-6, p.call(name, pair[0], pair[1]));
            }
            if (dtype == DType.FLOAT32 || dtype == DType.FLOAT64) {
              p.expect("nextafter of " + dtype, 0, p.call("nextafter", pairs[0][0], pairs[0][1]));
            }
          }
        });
  }

  @Test
  void integers() {
    check(
        200,
        p -> {
          for (DType dtype : INTEGERS) {
            Arg[][] pairs = pairs(p, dtype, Contents.DIVISORS);
            int next = 0;
            for (String name :
                List.of(
                    "add.Tensor",
                    "sub.Tensor",
                    "mul.Tensor",
                    "maximum",
                    "minimum",
                    "eq.Tensor",
                    "lt.Tensor",
                    "ge.Tensor",
                    "logical_and",
                    "logical_xor",
                    "bitwise_and.Tensor",
                    "bitwise_or.Tensor",
                    "bitwise_xor.Tensor",
                    "bitwise_left_shift.Tensor",
                    "bitwise_right_shift.Tensor",
                    "floor_divide",
                    "remainder.Tensor",
                    "fmod.Tensor",
                    "gcd",
                    "fmax",
                    "heaviside")) {
              Arg[] pair = pairs[next++ % 3];
              p.expect(name + " of " + dtype, 0, p.call(name, pair[0], pair[1]));
            }
            Arg small = p.columns(dtype, Contents.SMALL, Property.N, Property.M);
            p.expect("lcm of " + dtype, 0, p.call("lcm", small, pairs[1][1])); // else it may trap
            p.expect("div of " + dtype, 1e-6, p.call("div.Tensor", pairs[1][0], pairs[1][1]));
            for (String mode : List.of("floor", "trunc")) {
              p.expect(
                  mode + " of " + dtype,
                  0,
                  p.call("div.Tensor_mode", pairs[1][0], pairs[1][1], mode));
            }
            Arg x = pairs[0][0];
            for (String name :
                List.of("neg", "abs", "sign", "relu", "bitwise_not", "logical_not", "signbit")) {
              p.expect(name + " of " + dtype, 0, p.call(name, x));
            }
            p.expect("sigmoid of " + dtype, 1e-6, p.call("sigmoid", x));
            p.expect("clamp of " + dtype, 0, p.call("clamp", x, -3, 50));
            p.expect("square of " + dtype, 0, p.call("pow.Tensor_Scalar", x, 2));
            p.expect("fifth power of " + dtype, 0, p.call("pow.Tensor_Scalar", x, 5));
          }
        });
  }

  @Test
  void conversions() {
    check(
        200,
        p -> {
          for (DType from : TYPES) {
            Arg x = p.columns(from, Contents.SMALL, Property.N, Property.M);
            for (DType to : TYPES) {
              if (from != to) {
                p.expect(from + " to " + to, 0, p.call("_to_copy", x, to));
              }
            }
          }
        });
  }

  @Test
  void promotions() {
    check(
        200,
        p -> {
          for (DType left : TYPES) {
            Arg x = p.input(left, Contents.SMALL, Property.N, Property.M);
            for (DType right : TYPES) {
              String name = left + " and " + right;
              if (left.compareTo(right) <= 0) {
                Arg row = p.input(right, Contents.SMALL, Property.M);
                p.expect("product of " + name, 0, p.call("mul.Tensor", x, row));
              } else {
                Arg scalar = p.input(right, Contents.SMALL);
                p.expect("order of " + name, 0, p.call("le.Tensor", x, scalar));
              }
            }
            for (Object number : List.of(3, 2.5, true)) {
              String name = left + " and " + number;
              p.expect("sum of " + name, 0, p.call("add.Tensor", x, number));
              p.expect("quotient of " + name, EQUAL, p.call("div.Tensor", x, number));
              p.expect("equality of " + name, 0, p.call("eq.Scalar", x, number));
            }
          }
        });
  }
}
