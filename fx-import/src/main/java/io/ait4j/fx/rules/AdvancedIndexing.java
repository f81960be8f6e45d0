package io.ait4j.fx.rules;

import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * {@code x[i, :, j]}: the indexed dimensions are replaced by the broadcast shape of the indices,
 * where the first of them was if they are neighbours, in front of all others if not.
 */
final class AdvancedIndexing {
  private final OpCall call;
  private final TensorMeta self;
  private final List<TensorMeta> indices;
  private final List<Integer> indexed = new ArrayList<>();
  private final List<Integer> kept = new ArrayList<>();

  private AdvancedIndexing(OpCall call) {
    this.call = call;
    this.self = call.tensor(0);
    this.indices = call.tensors(1);
    for (int i = 0; i < self.rank(); i++) {
      (i < indices.size() && indices.get(i) != null ? indexed : kept).add(i);
    }
  }

  static TensorMeta result(OpCall call) {
    return new AdvancedIndexing(call).result();
  }

  private TensorMeta result() {
    if (indices.size() > self.rank()) {
      throw call.error(
          "%d indices for a tensor of shape %s".formatted(indices.size(), self.shape()));
    }
    List<TensorMeta> present = indexed.stream().map(indices::get).toList();
    for (TensorMeta index : present) {
      if (index.dtype() == DType.BOOL || index.dtype() == DType.UINT8) {
        // The number of true elements is data.
        throw new OpCall.Unknown();
      }
    }
    if (present.isEmpty()) {
      throw call.error("no index is a tensor");
    }
    List<Dim> replacement =
        PointwiseLayout.broadcast(call, present.stream().map(TensorMeta::shape).toList());
    boolean adjacent = indexed.getLast() - indexed.getFirst() == indexed.size() - 1;
    int before = adjacent ? indexed.getFirst() : 0;
    List<TensorMeta> operands = new ArrayList<>();
    operands.add(source(replacement, before));
    for (TensorMeta index : present) {
      operands.add(placed(index, replacement, before));
    }
    return PointwiseLayout.result(call, self.dtype(), operands);
  }

  /** The tensor with stride 0 along the replacement, as PyTorch's iterator sees it. */
  private TensorMeta source(List<Dim> replacement, int before) {
    List<Dim> shape = new ArrayList<>();
    List<Dim> strides = new ArrayList<>();
    for (int i = 0; i < kept.size() + 1; i++) {
      if (i == before) {
        shape.addAll(replacement);
        strides.addAll(Collections.nCopies(replacement.size(), Dim.ZERO));
      }
      if (i < kept.size()) {
        shape.add(self.shape().get(kept.get(i)));
        strides.add(self.strides().get(kept.get(i)));
      }
    }
    return new TensorMeta(self.dtype(), shape, strides);
  }

  /** An index as int64 in the place of the replacement, of size 1 everywhere else. */
  private TensorMeta placed(TensorMeta index, List<Dim> replacement, int before) {
    TensorMeta wide = PointwiseLayout.converted(call, expanded(index, replacement), DType.INT64);
    List<Dim> shape = new ArrayList<>(Collections.nCopies(before, Dim.ONE));
    shape.addAll(replacement);
    shape.addAll(Collections.nCopies(kept.size() - before, Dim.ONE));
    List<Dim> strides =
        ViewStrides.of(wide, shape).orElseGet(() -> TensorMeta.contiguousStrides(shape));
    return new TensorMeta(DType.INT64, shape, strides);
  }

  private static TensorMeta expanded(TensorMeta index, List<Dim> shape) {
    List<Dim> strides = new ArrayList<>();
    int missing = shape.size() - index.rank();
    for (int i = 0; i < shape.size(); i++) {
      boolean repeated = i < missing || index.shape().get(i - missing).is(1) && !shape.get(i).is(1);
      strides.add(repeated ? Dim.ZERO : index.strides().get(i - missing));
    }
    return new TensorMeta(index.dtype(), shape, strides);
  }
}
