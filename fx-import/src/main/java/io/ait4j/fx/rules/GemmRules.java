package io.ait4j.fx.rules;

import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;

/** Matrix products. Their results are row-major. */
final class GemmRules {
  private GemmRules() {}

  static void addTo(RuleTable table) {
    table.add("mm", call -> product(call, call.tensor(0), call.tensor(1), 2));
    table.add("bmm", call -> product(call, call.tensor(0), call.tensor(1), 3));
    table.add("addmm", call -> plusProduct(call, 2));
    table.add("baddbmm", call -> plusProduct(call, 3));
    table.add("linear", GemmRules::linear);
  }

  private static TensorMeta product(OpCall call, TensorMeta a, TensorMeta b, int rank) {
    if (a.rank() != rank || b.rank() != rank) {
      throw call.error(
          "shapes %s and %s should both have rank %d".formatted(a.shape(), b.shape(), rank));
    }
    sameType(call, a, b);
    List<Dim> batch = a.shape().subList(0, rank - 2);
    List<Dim> ends = new ArrayList<>(batch);
    ends.add(a.shape().get(rank - 1));
    if (!ends.equals(b.shape().subList(0, rank - 1))) {
      throw call.unequal(
          "shapes %s and %s do not multiply".formatted(a.shape(), b.shape()),
          ends,
          b.shape().subList(0, rank - 1));
    }
    List<Dim> shape = new ArrayList<>(batch);
    shape.add(a.shape().get(rank - 2));
    shape.add(b.shape().get(rank - 1));
    return TensorMeta.contiguous(a.dtype(), shape);
  }

  private static DType sameType(OpCall call, TensorMeta a, TensorMeta b) {
    if (a.dtype() != b.dtype()) {
      throw call.error(
          "dtypes %s and %s differ".formatted(a.dtype().torchName(), b.dtype().torchName()));
    }
    return a.dtype();
  }

  private static TensorMeta plusProduct(OpCall call, int rank) {
    TensorMeta added = call.tensor(0);
    TensorMeta result = product(call, call.tensor(1), call.tensor(2), rank);
    sameType(call, added, result);
    requireExpands(call, added, result.shape());
    return result;
  }

  private static TensorMeta linear(OpCall call) {
    TensorMeta input = call.tensor(0);
    TensorMeta weight = call.tensor(1);
    sameType(call, input, weight);
    if (input.rank() == 0 || weight.rank() == 0 || weight.rank() > 2) {
      throw call.error(misfit(input, weight));
    }
    if (!input.shape().getLast().equals(weight.shape().getLast())) {
      throw call.unequal(misfit(input, weight), input.shape().getLast(), weight.shape().getLast());
    }
    List<Dim> shape = new ArrayList<>(input.shape().subList(0, input.rank() - 1));
    if (weight.rank() == 2) {
      shape.add(weight.shape().getFirst());
    }
    if (call.has(2)) {
      requireExpands(call, call.tensor(2), shape);
    }
    return TensorMeta.contiguous(input.dtype(), shape);
  }

  private static String misfit(TensorMeta input, TensorMeta weight) {
    return "input of shape %s and weight of shape %s do not fit"
        .formatted(input.shape(), weight.shape());
  }

  private static void requireExpands(OpCall call, TensorMeta added, List<Dim> shape) {
    List<Dim> both = PointwiseLayout.broadcast(call, List.of(added.shape(), shape));
    if (!both.equals(shape)) {
      throw call.unequal(
          "shape %s does not expand to %s".formatted(added.shape(), shape), both, shape);
    }
  }
}
