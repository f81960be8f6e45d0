package io.ait4j.fx.rules;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.List;
import java.util.stream.IntStream;

/** Tensors made from numbers. */
final class ConstructorRules {
  private ConstructorRules() {}

  static void addTo(RuleTable table) {
    table.add("full", ConstructorRules::full);
    table.add("arange.start_step", ConstructorRules::arange);
  }

  private static TensorMeta full(OpCall call) {
    DType number = call.operand(1).meta().dtype();
    return TensorMeta.contiguous(
        call.dtype(2).orElse(number.isFloating() ? DType.FLOAT32 : number), call.dims(0));
  }

  private static TensorMeta arange(OpCall call) {
    boolean integers =
        IntStream.range(0, 3).allMatch(i -> call.operand(i).meta().dtype().isInteger());
    DType dtype = call.dtype(3).orElse(integers ? DType.INT64 : DType.FLOAT32);
    return TensorMeta.contiguous(dtype, List.of(count(call, integers)));
  }

  private static Dim count(OpCall call, boolean integers) {
    if (integers) {
      Dim step = call.dim(2);
      Dim span = call.dim(1).minus(call.dim(0));
      if (!step.isConst() || step.is(0)) {
        throw call.error("the step is " + step);
      }
      Dim count = step.value() > 0 ? span.ceilDiv(step) : span.times(-1).ceilDiv(step.times(-1));
      return checked(call, count);
    }
    double step = number(call, 2);
    double count = Math.ceil((number(call, 1) - number(call, 0)) / step);
    if (step == 0 || Double.isNaN(count) || count > Long.MAX_VALUE) {
      throw call.error("its range is not finite");
    }
    return checked(call, Dim.of((long) count));
  }

  private static Dim checked(OpCall call, Dim count) {
    if (count.max() < 0) {
      throw call.error("the step leads away from the end");
    }
    return count;
  }

  private static double number(OpCall call, int i) {
    return switch (call.args().get(i)) {
      case Arg.Int n -> n.value();
      case Arg.Float n -> n.value();
      case Arg.SymInt n -> throw call.error("a dynamic size in a range of floats");
      default -> throw new OpCall.Unknown();
    };
  }
}
