package io.ait4j.fx.rules;

import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;

/** Reads and writes at indices that are data. */
final class IndexingRules {
  private IndexingRules() {}

  static void addTo(RuleTable table) {
    table.add("embedding", IndexingRules::embedding);
    table.add("gather", IndexingRules::gather);
    table.add("index_select", IndexingRules::indexSelect);
    table.add("index.Tensor", AdvancedIndexing::result);
    table.add(
        "scatter.src scatter.value scatter_add scatter.reduce scatter.value_reduce",
        IndexingRules::scattered);
  }

  private static TensorMeta embedding(OpCall call) {
    TensorMeta weight = call.tensor(0);
    if (weight.rank() != 2) {
      throw call.error("the weight has shape " + weight.shape() + ", not two dimensions");
    }
    List<Dim> shape = new ArrayList<>(indices(call, 1).shape());
    shape.add(weight.shape().get(1));
    return TensorMeta.contiguous(weight.dtype(), shape);
  }

  private static TensorMeta indices(OpCall call, int i) {
    TensorMeta index = call.tensor(i);
    if (index.dtype() != DType.INT64 && index.dtype() != DType.INT32) {
      throw call.error("the indices are " + index.dtype().torchName() + ", not int64 or int32");
    }
    return index;
  }

  private static TensorMeta gather(OpCall call) {
    TensorMeta self = call.tensor(0);
    TensorMeta index = indices(call, 2);
    int axis = call.axis(1, self.rank());
    if (!index.numel().is(0)) {
      checkInside(call, self, index, axis);
    }
    return TensorMeta.contiguous(self.dtype(), index.shape());
  }

  private static void checkInside(OpCall call, TensorMeta self, TensorMeta index, int axis) {
    if (Math.max(1, self.rank()) != Math.max(1, index.rank())) {
      throw call.error(
          "index of shape %s and tensor of shape %s differ in rank"
              .formatted(index.shape(), self.shape()));
    }
    for (int i = 0; i < Math.min(self.rank(), index.rank()); i++) {
      if (i != axis && index.shape().get(i).minus(self.shape().get(i)).min() > 0) {
        throw call.error(
            "index of shape %s is larger than the tensor of shape %s in dimension %d"
                .formatted(index.shape(), self.shape(), i));
      }
    }
  }

  private static TensorMeta indexSelect(OpCall call) {
    TensorMeta self = call.tensor(0);
    TensorMeta index = indices(call, 2);
    int axis = call.axis(1, self.rank());
    if (index.rank() > 1) {
      throw call.error("the index has shape " + index.shape() + ", not one dimension");
    }
    if (self.rank() == 0) {
      return self;
    }
    List<Dim> shape = new ArrayList<>(self.shape());
    shape.set(axis, index.rank() == 0 ? Dim.ONE : index.shape().getFirst());
    return TensorMeta.contiguous(self.dtype(), shape);
  }

  static TensorMeta scattered(OpCall call) {
    TensorMeta self = call.tensor(0);
    TensorMeta index = indices(call, 2);
    int axis = call.axis(1, self.rank());
    if (!index.numel().is(0)) {
      checkInside(call, self, index, axis);
    }
    return TensorMeta.contiguous(self.dtype(), self.shape());
  }
}
