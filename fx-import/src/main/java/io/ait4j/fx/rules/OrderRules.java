package io.ait4j.fx.rules;

import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Sorting, the largest and the middle elements, running extremes and products. */
final class OrderRules {
  private OrderRules() {}

  static void addTo(RuleTable table) {
    table.addMany("sort", call -> sorted(call, 1));
    table.addMany("sort.stable", call -> sorted(call, 2));
    table.add("argsort", call -> sorted(call, 1).getLast());
    table.add("argsort.stable", call -> sorted(call, 2).getLast());
    table.add("msort", call -> CopyRules.like(call, call.tensor(0), Optional.empty()));
    table.addMany("topk", OrderRules::top);
    table.addMany("kthvalue", call -> chosen(call, 2, 3));
    table.addMany("median.dim nanmedian.dim mode", call -> chosen(call, 1, 2));
    table.add("median nanmedian", call -> TensorMeta.contiguous(call.tensor(0).dtype()));
    table.addMany("cummax cummin", OrderRules::runningExtreme);
    table.add("cumprod", call -> ReductionRules.scanned(call));
    table.add(
        "logcumsumexp",
        call -> {
          call.axis(1, call.tensor(0).rank());
          return TensorMeta.contiguous(call.tensor(0).dtype(), call.tensor(0).shape());
        });
    table.add("searchsorted.Tensor", call -> searched(call, call.tensor(1).shape()));
    table.add("searchsorted.Scalar", call -> searched(call, List.of()));
    table.add("bucketize.Tensor", call -> places(call, call.tensor(0).shape()));
    table.add("bucketize.Scalar", call -> places(call, List.of()));
  }

  private static List<TensorMeta> sorted(OpCall call, int dimArg) {
    TensorMeta self = call.tensor(0);
    call.axis(dimArg, self.rank());
    TensorMeta result = CopyRules.like(call, self, Optional.empty());
    return List.of(result, result.withDtype(DType.INT64));
  }

  private static List<TensorMeta> top(OpCall call) {
    TensorMeta self = call.tensor(0);
    int axis = call.axis(2, self.rank());
    List<Dim> shape = new ArrayList<>(self.shape());
    if (!shape.isEmpty()) {
      Dim missing = call.dim(1).minus(shape.get(axis));
      if (missing.min() > 0) {
        throw call.error(
            "%s elements of dimension %d of shape %s are wanted"
                .formatted(call.dim(1), axis, self.shape()));
      }
      shape.set(axis, call.dim(1));
    }
    TensorMeta values = TensorMeta.contiguous(self.dtype(), shape);
    return List.of(values, values.withDtype(DType.INT64));
  }

  private static List<TensorMeta> chosen(OpCall call, int dimArg, int keepArg) {
    TensorMeta self = call.tensor(0);
    int axis = call.axis(dimArg, self.rank());
    List<Dim> shape = new ArrayList<>(self.shape());
    if (!shape.isEmpty()) {
      if (call.flag(keepArg)) {
        shape.set(axis, Dim.ONE);
      } else {
        shape.remove(axis);
      }
    }
    TensorMeta values = TensorMeta.contiguous(self.dtype(), shape);
    return List.of(values, values.withDtype(DType.INT64));
  }

  private static List<TensorMeta> runningExtreme(OpCall call) {
    TensorMeta self = call.tensor(0);
    call.axis(1, self.rank());
    TensorMeta values = TensorMeta.contiguous(self.dtype(), self.shape());
    return List.of(values, values.withDtype(DType.INT64));
  }

  private static TensorMeta searched(OpCall call, List<Dim> wanted) {
    TensorMeta rows = call.tensor(0);
    if (wanted.isEmpty() && rows.rank() != 1) {
      throw call.error("one value is looked up in rows of shape " + rows.shape());
    }
    List<Dim> leading = rows.shape().subList(0, Math.max(0, rows.rank() - 1));
    if (rows.rank() != 1
        && (rows.rank() != wanted.size() || !leading.equals(wanted.subList(0, leading.size())))) {
      throw call.unequal(
          "values of shape %s are looked up in rows of shape %s, which have other leading sizes"
              .formatted(wanted, rows.shape()),
          wanted.isEmpty() ? wanted : wanted.subList(0, wanted.size() - 1),
          leading);
    }
    if (call.flag(3) && call.text(4).orElse("right").equals("left")) {
      throw call.error("the side is left and right is true; give one of them");
    }
    if (call.has(5) && !call.tensor(5).shape().equals(rows.shape())) {
      throw call.unequal(
          "a sorter of shape %s for rows of shape %s"
              .formatted(call.tensor(5).shape(), rows.shape()),
          call.tensor(5).shape(),
          rows.shape());
    }
    return places(call, wanted);
  }

  private static TensorMeta places(OpCall call, List<Dim> wanted) {
    return TensorMeta.contiguous(call.flag(2) ? DType.INT32 : DType.INT64, wanted);
  }
}
