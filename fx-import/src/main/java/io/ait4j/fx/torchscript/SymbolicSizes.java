package io.ait4j.fx.torchscript;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.Guard;
import io.ait4j.fx.Guard.Relation;
import io.ait4j.fx.memory.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;

/** Arithmetic on sizes that symbols stand for: TorchScript's operators on {@code int}, over Dim. */
final class SymbolicSizes {
  private final Context context;

  SymbolicSizes(Context context) {
    this.context = context;
  }

  /** What {@code op} yields as an expression or a condition; empty if it can be said as neither. */
  Optional<List<JitValue>> apply(JitOp op, List<JitValue> in) {
    try {
      return Optional.ofNullable(result(op, in)).map(List::of);
    } catch (ArithmeticException e) {
      throw context.refuse("arithmetic on sizes overflows in " + op.target());
    }
  }

  private JitValue result(JitOp op, List<JitValue> in) {
    return switch (op.kind()) {
      case "aten::Int", "aten::IntImplicit", "aten::ScalarImplicit", "aten::item" ->
          in.getFirst() instanceof JitValue.Ratio ? Ratios.truncated(in) : integer(in);
      case "aten::Float" -> Ratios.of(in.getFirst());
      case "aten::floor" -> Ratios.floor(in);
      case "aten::ceil" -> Ratios.ceil(in);
      case "prim::NumToTensor" -> traced(integer(in));
      case "aten::tensor", "aten::as_tensor" ->
          in.size() < 2 || in.get(1).equals(JitValue.NONE) ? traced(integer(in)) : null;
      case "aten::add" -> isScaled(in) ? null : binary(in, Dim::plus);
      case "aten::sub" -> isScaled(in) ? null : binary(in, Dim::minus);
      case "aten::mul" -> {
        JitValue product = binary(in, Dim::times);
        yield product != null ? product : Ratios.times(in);
      }
      case "aten::floordiv", "aten::floor_divide" -> divided(in, Dim::floorDiv);
      case "aten::remainder" -> divided(in, Dim::mod);
      case "aten::div" -> isRounded(in) ? divided(in, Dim::floorDiv) : Ratios.over(in);
      case "aten::neg" -> dim(in.getFirst()).map(d -> like(in, d.times(-1))).orElse(null);
      case "prim::min" -> extreme(in, Dim::min);
      case "prim::max" -> extreme(in, Dim::max);
      case "aten::__range_length" -> rangeLength(in);
      case "aten::__derive_index" -> {
        Optional<List<Dim>> all = dims(in);
        yield all.map(d -> JitValue.of(d.get(1).plus(d.get(0).times(d.get(2))))).orElse(null);
      }
      case "aten::eq" -> compared(in, Relation.EQ);
      case "aten::ne" -> compared(in, Relation.NE);
      case "aten::lt" -> compared(in, Relation.LT);
      case "aten::le" -> compared(in, Relation.LE);
      case "aten::gt" -> in.size() < 2 ? null : compared(in.reversed(), Relation.LT);
      case "aten::ge" -> in.size() < 2 ? null : compared(in.reversed(), Relation.LE);
      case "aten::Bool" ->
          dim(in.getFirst()).map(d -> decide(d, Relation.NE, Dim.ZERO)).orElse(null);
      case "aten::__not__" ->
          in.getFirst() instanceof JitValue.SizeTests tests && tests.all().size() == 1
              ? new JitValue.SizeTests(List.of(tests.all().getFirst().negated()))
              : null;
      case "aten::__and__" -> and(in);
      case "aten::format" -> new JitValue.Unset();
      default -> null;
    };
  }

  static Optional<Dim> dim(JitValue value) {
    return switch (value) {
      case JitValue.Leaf(Arg.Int(long n)) -> Optional.of(Dim.of(n));
      case JitValue.Leaf(Arg.SymInt(Dim d)) -> Optional.of(d);
      case JitValue.TensorNumber(DType t, Arg.Int(long n)) when t == DType.INT64 ->
          Optional.of(Dim.of(n));
      case JitValue.TensorNumber(DType t, Arg.SymInt(Dim d)) -> Optional.of(d);
      default -> Optional.empty();
    };
  }

  private static Optional<List<Dim>> dims(List<JitValue> values) {
    List<Dim> all = new ArrayList<>();
    for (JitValue value : values) {
      Optional<Dim> dim = dim(value);
      if (dim.isEmpty()) {
        return Optional.empty();
      }
      all.add(dim.get());
    }
    return Optional.of(all);
  }

  private static JitValue integer(List<JitValue> in) {
    return dim(in.getFirst()).map(JitValue::of).orElse(null);
  }

  /** A traced size is a tensor of rank 0. */
  private static JitValue traced(JitValue number) {
    return number instanceof JitValue.Leaf(Arg arg)
        ? new JitValue.TensorNumber(DType.INT64, arg)
        : null;
  }

  /** The result, a traced tensor if an operand is one. */
  private static JitValue like(List<JitValue> in, Dim result) {
    boolean traced = in.stream().anyMatch(v -> v instanceof JitValue.TensorNumber);
    return traced ? new JitValue.TensorNumber(DType.INT64, Arg.of(result)) : JitValue.of(result);
  }

  private static JitValue binary(List<JitValue> in, BinaryOperator<Dim> operator) {
    return in.size() < 2
        ? null
        : dims(in.subList(0, 2))
            .map(d -> like(in, operator.apply(d.get(0), d.get(1))))
            .orElse(null);
  }

  /** Whether an addition of tensors multiplies its second operand. */
  private static boolean isScaled(List<JitValue> in) {
    return in.size() > 2 && !in.get(2).equals(JitValue.of(1));
  }

  /** Division that rounds down; towards zero is the same where nothing is negative. */
  private static boolean isRounded(List<JitValue> in) {
    return in.size() > 2
        && (in.get(2).equals(new JitValue.Leaf(new Arg.Str("floor")))
            || in.get(2).equals(new JitValue.Leaf(new Arg.Str("trunc")))
                && dim(in.get(0)).filter(d -> d.min() >= 0).isPresent());
  }

  private static JitValue divided(List<JitValue> in, BinaryOperator<Dim> operator) {
    return dim(in.get(1)).filter(d -> d.min() > 0).isEmpty() ? null : binary(in, operator);
  }

  private static JitValue extreme(List<JitValue> in, BinaryOperator<Dim> operator) {
    List<JitValue> values =
        in.size() == 1 && in.getFirst() instanceof JitValue.Items items ? items.elements() : in;
    return dims(values)
        .flatMap(all -> all.stream().reduce(operator))
        .map(JitValue::of)
        .orElse(null);
  }

  private static JitValue rangeLength(List<JitValue> in) {
    Optional<List<Dim>> all = dims(in);
    if (all.isEmpty() || all.get().get(2).min() <= 0) {
      return null;
    }
    Dim length = all.get().get(1).minus(all.get().get(0)).ceilDiv(all.get().get(2));
    return JitValue.of(length.max(Dim.ZERO));
  }

  private JitValue compared(List<JitValue> in, Relation relation) {
    if (in.size() == 2
        && relation == Relation.EQ
        && in.get(0) instanceof JitValue.Items a
        && in.get(1) instanceof JitValue.Items b) {
      return sameSizes(a.elements(), b.elements());
    }
    if (in.size() != 2 || in.stream().anyMatch(v -> v instanceof JitValue.TensorNumber)) {
      return null;
    }
    return dims(in).map(d -> decide(d.get(0), relation, d.get(1))).orElse(null);
  }

  private JitValue sameSizes(List<JitValue> a, List<JitValue> b) {
    Optional<List<Dim>> left = dims(a);
    Optional<List<Dim>> right = dims(b);
    if (left.isEmpty() || right.isEmpty()) {
      return null;
    }
    if (a.size() != b.size()) {
      return JitValue.of(false);
    }
    List<JitValue> all = new ArrayList<>();
    for (int i = 0; i < a.size(); i++) {
      all.add(decide(left.get().get(i), Relation.EQ, right.get().get(i)));
    }
    return and(all);
  }

  /** The conjunction; null if it is not one of tests on sizes. */
  static JitValue and(List<JitValue> values) {
    List<Guard> all = new ArrayList<>();
    for (JitValue value : values) {
      switch (value) {
        case JitValue.Leaf(Arg.Bool(boolean holds)) -> {
          if (!holds) {
            return JitValue.of(false);
          }
        }
        case JitValue.SizeTests(List<Guard> tests) -> all.addAll(tests);
        default -> {
          return null;
        }
      }
    }
    return all.isEmpty() ? JitValue.of(true) : new JitValue.SizeTests(all);
  }

  /** True or false where the bounds of the symbols tell, else the test. */
  private JitValue decide(Dim left, Relation relation, Dim right) {
    return Guards.decide(left, relation, right)
        .map(JitValue::of)
        .orElseGet(
            () ->
                new JitValue.SizeTests(
                    List.of(new Guard(left, relation, right, "a condition at " + context.source))));
  }
}
