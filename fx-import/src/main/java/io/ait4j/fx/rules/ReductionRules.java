package io.ait4j.fx.rules;

import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;

/** Reductions over dimensions, scans and softmax. Their results are row-major. */
final class ReductionRules {
  private ReductionRules() {}

  static void addTo(RuleTable table) {
    table.add("sum.dim_IntList", call -> summed(call, call.axes(1, rank(call))));
    table.add("prod.dim_int", call -> summed(call, oneAxis(call, 1)));
    table.add("mean.dim", ReductionRules::averaged);
    table.add(
        "amax amin",
        call -> reduced(call, call.tensor(0).dtype(), call.axes(1, rank(call)), call.flag(2)));
    table.add(
        "var.correction",
        call ->
            reduced(
                call,
                TypePromotion.realOf(call.tensor(0).dtype()),
                call.axes(1, rank(call)),
                call.flag(3)));
    table.add("argmax argmin", ReductionRules::extremeIndex);
    table.add(
        "any.dim all.dim",
        call -> {
          DType dtype = call.tensor(0).dtype() == DType.UINT8 ? DType.UINT8 : DType.BOOL;
          return reduced(call, dtype, oneAxis(call, 1), call.flag(2));
        });
    table.add("cumsum", ReductionRules::scanned);
    table.add("_softmax _log_softmax", ReductionRules::normalised);
  }

  private static int rank(OpCall call) {
    return call.tensor(0).rank();
  }

  private static boolean[] oneAxis(OpCall call, int i) {
    boolean[] chosen = new boolean[rank(call)];
    int axis = call.axis(i, chosen.length);
    if (chosen.length > 0) {
      chosen[axis] = true;
    }
    return chosen;
  }

  private static TensorMeta reduced(OpCall call, DType dtype, boolean[] axes, boolean keep) {
    List<Dim> shape = new ArrayList<>();
    for (int i = 0; i < axes.length; i++) {
      if (!axes[i]) {
        shape.add(call.tensor(0).shape().get(i));
      } else if (keep) {
        shape.add(Dim.ONE);
      }
    }
    return TensorMeta.contiguous(dtype, shape);
  }

  /** Sums of integers are int64 unless told otherwise. */
  private static DType sumType(OpCall call, int dtypeArg) {
    DType own = call.tensor(0).dtype();
    return call.dtype(dtypeArg).orElse(own.isInteger() || own == DType.BOOL ? DType.INT64 : own);
  }

  private static TensorMeta summed(OpCall call, boolean[] axes) {
    return reduced(call, sumType(call, 3), axes, call.flag(2));
  }

  private static TensorMeta averaged(OpCall call) {
    DType dtype = call.dtype(3).orElse(call.tensor(0).dtype());
    if (!dtype.isFloating() && !dtype.isComplex()) {
      throw call.error("the mean of " + dtype.torchName() + " is undefined; give a floating dtype");
    }
    return reduced(call, dtype, call.axes(1, rank(call)), call.flag(2));
  }

  private static TensorMeta extremeIndex(OpCall call) {
    if (call.has(1)) {
      return reduced(call, DType.INT64, oneAxis(call, 1), call.flag(2));
    }
    boolean[] all = new boolean[rank(call)];
    java.util.Arrays.fill(all, true);
    return reduced(call, DType.INT64, all, call.flag(2));
  }

  static TensorMeta scanned(OpCall call) {
    call.axis(1, rank(call));
    return TensorMeta.contiguous(sumType(call, 2), call.tensor(0).shape());
  }

  private static TensorMeta normalised(OpCall call) {
    TensorMeta input = call.tensor(0);
    call.axis(1, input.rank());
    return TensorMeta.contiguous(call.flag(2) ? DType.FLOAT32 : input.dtype(), input.shape());
  }
}
