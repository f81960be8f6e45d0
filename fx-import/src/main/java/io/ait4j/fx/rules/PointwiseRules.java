package io.ait4j.fx.rules;

import io.ait4j.fx.DType;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Element by element: broadcast shapes, promoted types. */
final class PointwiseRules {
  private PointwiseRules() {}

  static void addTo(RuleTable table) {
    table.add(
        "add.Tensor sub.Tensor mul.Tensor maximum minimum remainder.Tensor fmod.Tensor"
            + " floor_divide pow.Tensor_Tensor pow.Tensor_Scalar"
            + " bitwise_and.Tensor bitwise_or.Tensor bitwise_xor.Tensor bitwise_left_shift.Tensor"
            + " bitwise_left_shift.Tensor_Scalar bitwise_right_shift.Tensor"
            + " bitwise_right_shift.Tensor_Scalar",
        binary(TypePromotion::common));
    table.add("div.Tensor atan2", binary(TypePromotion::commonFloating));
    table.add("div.Tensor_mode", PointwiseRules::dividedWithMode);
    table.add(
        "eq.Tensor ne.Tensor lt.Tensor le.Tensor gt.Tensor ge.Tensor eq.Scalar ne.Scalar lt.Scalar"
            + " le.Scalar gt.Scalar ge.Scalar logical_and logical_or logical_xor",
        compared());
    table.add(
        "neg sign floor ceil round trunc relu gelu silu leaky_relu elu hardtanh hardswish"
            + " hardsigmoid softplus mish bitwise_not",
        unary(type -> type));
    table.add("abs", unary(TypePromotion::realOf));
    table.add(
        "exp expm1 log log1p log2 log10 sqrt rsqrt reciprocal sin cos tan asin acos atan sinh cosh tanh"
            + " asinh acosh atanh sigmoid erf erfc",
        unary(TypePromotion::floating));
    table.add("logical_not isnan isinf", unary(type -> DType.BOOL));
    table.add("clamp clamp.Tensor", PointwiseRules::clamped);
    table.add("pow.Scalar", PointwiseRules::poweredNumber);
    table.add("where.self", PointwiseRules::chosen);
    table.add("masked_fill.Scalar masked_fill.Tensor", PointwiseRules::filled);
  }

  static Rule unary(Function<DType, DType> type) {
    return call -> {
      TensorMeta input = call.tensor(0);
      return PointwiseLayout.result(call, type.apply(input.dtype()), List.of(input));
    };
  }

  static Rule binary(Function<List<Operand>, DType> type) {
    return call -> {
      List<Operand> operands = List.of(call.operand(0), call.operand(1));
      DType common = type.apply(operands);
      return PointwiseLayout.result(call, common, common, metas(operands));
    };
  }

  private static Rule compared() {
    return call -> {
      List<Operand> operands = List.of(call.operand(0), call.operand(1));
      DType common = TypePromotion.common(operands);
      return PointwiseLayout.result(call, DType.BOOL, common, metas(operands));
    };
  }

  /** Row-major, unlike its fellows. */
  private static TensorMeta poweredNumber(OpCall call) {
    List<Operand> operands = List.of(call.operand(0), call.operand(1));
    return TensorMeta.contiguous(TypePromotion.common(operands), operands.getLast().meta().shape());
  }

  private static List<TensorMeta> metas(List<Operand> operands) {
    return operands.stream().map(Operand::meta).toList();
  }

  private static TensorMeta dividedWithMode(OpCall call) {
    return call.has(2)
        ? binary(TypePromotion::common).apply(call)
        : binary(TypePromotion::commonFloating).apply(call);
  }

  private static TensorMeta clamped(OpCall call) {
    List<Operand> operands = new ArrayList<>();
    operands.add(call.operand(0));
    for (int i = 1; i <= 2; i++) {
      if (call.has(i)) {
        operands.add(call.operand(i));
      }
    }
    if (operands.size() == 1) {
      throw call.error("neither a minimum nor a maximum is given");
    }
    DType common = TypePromotion.common(operands);
    return PointwiseLayout.result(call, common, common, metas(operands));
  }

  private static TensorMeta chosen(OpCall call) {
    Operand yes = call.operand(1);
    Operand no = call.operand(2);
    DType common = TypePromotion.common(List.of(yes, no));
    return PointwiseLayout.result(
        call,
        common,
        List.of(
            call.tensor(0),
            PointwiseLayout.converted(call, yes.meta(), common),
            PointwiseLayout.converted(call, no.meta(), common)));
  }

  private static TensorMeta filled(OpCall call) {
    TensorMeta self = call.tensor(0);
    return TensorMeta.contiguous(
        self.dtype(),
        PointwiseLayout.broadcast(call, List.of(self.shape(), call.tensor(1).shape())));
  }
}
