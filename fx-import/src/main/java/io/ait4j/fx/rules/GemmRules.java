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
    if (!a.shape().get(rank - 1).equals(b.shape().get(rank - 2))
        || !batch.equals(b.shape().subList(0, rank - 2))) {
      throw call.error("shapes %s and %s do not multiply".formatted(a.shape(), b.shape()));
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
    if (!PointwiseLayout.broadcast(call, List.of(added.shape(), result.shape()))
        .equals(result.shape())) {
      throw call.error("shape %s does not expand to %s".formatted(added.shape(), result.shape()));
    }
    return result;
  }

  private static TensorMeta linear(OpCall call) {
    TensorMeta input = call.tensor(0);
    TensorMeta weight = call.tensor(1);
    sameType(call, input, weight);
    if (input.rank() == 0
        || weight.rank() == 0
        || weight.rank() > 2
        || !input.shape().getLast().equals(weight.shape().getLast())) {
      throw call.error(
          "input of shape %s and weight of shape %s do not fit"
              .formatted(input.shape(), weight.shape()));
    }
    List<Dim> shape = new ArrayList<>(input.shape().subList(0, input.rank() - 1));
    if (weight.rank() == 2) {
      shape.add(weight.shape().getFirst());
    }
    if (call.has(2)
        && !PointwiseLayout.broadcast(call, List.of(call.tensor(2).shape(), shape)).equals(shape)) {
      throw call.error(
          "bias of shape %s does not expand to %s".formatted(call.tensor(2).shape(), shape));
    }
    return TensorMeta.contiguous(input.dtype(), shape);
  }
}
