package io.ait4j.fx.onnx;

import io.ait4j.fx.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Element by element on known numbers, with the rounding of their type. */
final class ArithmeticFolds {
  /** Larger ones that depend on sizes are masks, and data. */
  private static final int MASK = 16;

  private ArithmeticFolds() {}

  static void addTo(Folding folding) {
    folding.add("Add", binary(Numbers::sum));
    folding.add("Sub", binary(Numbers::difference));
    folding.add("Mul", binary(Numbers::product));
    folding.add("Div", binary(Numbers::quotient));
    folding.add("Pow", ArithmeticFolds::power);
    folding.add("Mod", ArithmeticFolds::modulo);
    folding.add("Min", extreme(true));
    folding.add("Max", extreme(false));
    folding.add("Equal", compared(Truths::equal));
    folding.add("Less", compared(Truths::less));
    folding.add("Greater", compared((a, b) -> Truths.less(b, a)));
    folding.add("LessOrEqual", compared((a, b) -> Truths.less(b, a).map(Truths::not)));
    folding.add("GreaterOrEqual", compared((a, b) -> Truths.less(a, b).map(Truths::not)));
    folding.add("And", compared((a, b) -> Numbers.extreme(a, b, true)));
    folding.add("Or", compared((a, b) -> Numbers.extreme(a, b, false)));
    folding.add("Xor", compared((a, b) -> Truths.equal(a, b).map(Truths::not)));
    folding.add("Not", unary((type, x) -> Optional.of(Truths.not(x))));
    folding.add("Neg", unary((type, x) -> Numbers.difference(type, Num.of(0), x)));
    folding.add("Sign", unary(Numbers::sign));
    folding.add("Abs", unary(Numbers::absolute));
    folding.add("Floor", unary((type, x) -> Numbers.rounded(x, Math::floor)));
    folding.add("Ceil", unary((type, x) -> Numbers.rounded(x, Math::ceil)));
    folding.add("Round", unary((type, x) -> Numbers.rounded(x, Math::rint)));
    folding.add("Sqrt", unary((type, x) -> Numbers.real(type, x, Math::sqrt)));
    folding.add("Reciprocal", unary((type, x) -> Numbers.real(type, x, v -> 1 / v)));
    folding.add("Where", ArithmeticFolds::chosen);
    folding.add(
        "Cast",
        (c, in) ->
            cast(
                in.getFirst(),
                ElementTypes.dtype((int) c.attributes().integer("to", 0), "the result")));
    folding.add("CastLike", (c, in) -> cast(in.getFirst(), in.get(1).dtype()));
  }

  /** On two elements of one type. */
  @FunctionalInterface
  private interface Binary {
    Optional<Num> apply(DType type, Num a, Num b);
  }

  @FunctionalInterface
  private interface Unary {
    Optional<Num> apply(DType type, Num x);
  }

  private interface Truth {
    Optional<Num> apply(Num a, Num b);
  }

  private static Folding.Fold binary(Binary operation) {
    return (c, in) -> {
      DType type = in.getFirst().dtype();
      return in.stream().allMatch(k -> k.dtype() == type)
          ? elementwise(type, in, e -> operation.apply(type, e.get(0), e.get(1)))
          : Optional.empty();
    };
  }

  private static Folding.Fold extreme(boolean least) {
    return (c, in) -> {
      DType type = in.getFirst().dtype();
      return elementwise(
          type,
          in,
          e -> {
            Optional<Num> result = Optional.of(e.getFirst());
            for (Num next : e.subList(1, e.size())) {
              result = result.flatMap(r -> Numbers.extreme(r, next, least));
            }
            return result;
          });
    };
  }

  private static Folding.Fold compared(Truth truth) {
    return (c, in) -> elementwise(DType.BOOL, in, e -> truth.apply(e.get(0), e.get(1)));
  }

  private static Folding.Fold unary(Unary operation) {
    return (c, in) -> {
      DType type = in.getFirst().dtype();
      return elementwise(type, in, e -> operation.apply(type, e.getFirst()));
    };
  }

  private static Optional<List<KnownTensor>> power(OnnxCall c, List<KnownTensor> in) {
    DType type = in.getFirst().dtype();
    return type.isInteger() && in.get(1).dtype().isInteger()
        ? elementwise(type, in, e -> Numbers.power(type, e.get(0), e.get(1)))
        : Optional.empty();
  }

  private static Optional<List<KnownTensor>> modulo(OnnxCall c, List<KnownTensor> in) {
    DType type = in.getFirst().dtype();
    boolean signOfDividend = c.attributes().flag("fmod", false);
    return type.isInteger()
        ? elementwise(type, in, e -> Numbers.remainder(e.get(0), e.get(1), signOfDividend))
        : Optional.empty();
  }

  private static Optional<List<KnownTensor>> chosen(OnnxCall c, List<KnownTensor> in) {
    return elementwise(in.get(1).dtype(), in, e -> Truths.chosen(e.get(0), e.get(1), e.get(2)));
  }

  private static Optional<List<KnownTensor>> cast(KnownTensor x, DType to) {
    return to.isComplex()
        ? Optional.empty()
        : elementwise(to, List.of(x), e -> Numbers.cast(e.getFirst(), to));
  }

  /** Broadcasts; empty if one element cannot be decided or the result is too large. */
  private static Optional<List<KnownTensor>> elementwise(
      DType type, List<KnownTensor> inputs, Function<List<Num>, Optional<Num>> operation) {
    Optional<List<Integer>> shape = broadcast(inputs);
    if (shape.isEmpty()) {
      return Optional.empty();
    }
    List<KnownTensor> spread =
        inputs.stream().map(k -> ShapeFolds.expanded(k, shape.get())).toList();
    List<Num> results = new ArrayList<>();
    for (int i = 0; i < KnownTensor.count(shape.get()); i++) {
      int at = i;
      Optional<Num> result =
          operation.apply(spread.stream().map(k -> k.elements().get(at)).toList());
      if (result.isEmpty()) {
        return Optional.empty();
      }
      results.add(result.get());
    }
    KnownTensor result = new KnownTensor(type, shape.get(), results);
    return type == DType.BOOL && results.size() > MASK && !result.isConstant()
        ? Optional.empty()
        : Optional.of(List.of(result));
  }

  /** Empty if the result is too large, or if there is none: the mapping says so. */
  private static Optional<List<Integer>> broadcast(List<KnownTensor> inputs) {
    List<Integer> shape = List.of();
    for (KnownTensor input : inputs) {
      int rank = Math.max(shape.size(), input.rank());
      List<Integer> next = new ArrayList<>();
      for (int i = 0; i < rank; i++) {
        int a = i < rank - shape.size() ? 1 : shape.get(i - rank + shape.size());
        int b = i < rank - input.rank() ? 1 : input.shape().get(i - rank + input.rank());
        if (a != b && a != 1 && b != 1) {
          return Optional.empty();
        }
        next.add(a == 1 ? b : a);
      }
      shape = next;
    }
    long count = shape.stream().mapToLong(n -> n).reduce(1, Math::multiplyExact);
    return count <= KnownTensor.LIMIT ? Optional.of(shape) : Optional.empty();
  }
}
