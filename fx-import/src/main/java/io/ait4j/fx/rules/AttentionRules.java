package io.ait4j.fx.rules;

import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Scaled dot-product attention. */
final class AttentionRules {
  private AttentionRules() {}

  static void addTo(RuleTable table) {
    table.add("scaled_dot_product_attention", AttentionRules::attention);
  }

  private static TensorMeta attention(OpCall call) {
    TensorMeta query = call.tensor(0);
    TensorMeta key = call.tensor(1);
    TensorMeta value = call.tensor(2);
    int rank = query.rank();
    if (rank < 2 || key.rank() != rank || value.rank() != rank) {
      throw call.error(
          "query, key and value have shapes %s, %s and %s"
              .formatted(query.shape(), key.shape(), value.shape()));
    }
    List<Dim> wanted = List.of(query.shape().getLast(), key.shape().get(rank - 2));
    List<Dim> found = List.of(key.shape().getLast(), value.shape().get(rank - 2));
    if (!wanted.equals(found)) {
      throw call.unequal(
          "query, key and value of shapes %s, %s and %s do not fit"
              .formatted(query.shape(), key.shape(), value.shape()),
          wanted,
          found);
    }
    List<List<Dim>> batches =
        List.of(query, key, value).stream().map(t -> t.shape().subList(0, rank - 2)).toList();
    List<Dim> shape =
        new ArrayList<>(
            call.flag(7) ? batches.getFirst() : PointwiseLayout.broadcast(call, batches));
    shape.add(query.shape().get(rank - 2));
    shape.add(value.shape().getLast());
    // libtorch's fused CPU kernel writes in the layout of the query.
    return isFlash(call, query, key, value)
        ? CopyRules.like(call, query, Optional.empty())
        : TensorMeta.contiguous(query.dtype(), shape);
  }

  /** Whether libtorch's fused CPU kernel takes it. */
  private static boolean isFlash(OpCall call, TensorMeta query, TensorMeta key, TensorMeta value) {
    boolean sameHeads =
        query.rank() == 4
            && query.shape().get(0).equals(key.shape().get(0))
            && query.shape().get(1).equals(key.shape().get(1))
            && key.shape().subList(0, 3).equals(value.shape().subList(0, 3));
    return sameHeads
        && query.dtype().isFloating()
        && query.shape().get(3).equals(value.shape().get(3))
        && List.of(query, key, value).stream().allMatch(t -> t.strides().get(3).is(1))
        && !query.shape().get(2).is(0)
        && !key.shape().get(2).is(0)
        && (!call.has(3) || isFlashMask(call.tensor(3), query, key));
  }

  private static boolean isFlashMask(TensorMeta mask, TensorMeta query, TensorMeta key) {
    if (mask.rank() != 2 && mask.rank() != 4) {
      return false;
    }
    if (mask.dtype() != DType.BOOL
        && mask.dtype() != query.dtype()
        && mask.dtype() != DType.FLOAT32) {
      return false;
    }
    List<Dim> full =
        List.of(
            query.shape().get(0), query.shape().get(1), query.shape().get(2), key.shape().get(2));
    for (int i = 1; i <= mask.rank(); i++) {
      Dim size = mask.shape().get(mask.rank() - i);
      if (!size.is(1) && !size.equals(full.get(4 - i))) {
        return false;
      }
    }
    return true;
  }
}
