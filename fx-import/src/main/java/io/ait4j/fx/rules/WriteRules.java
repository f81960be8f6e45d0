package io.ait4j.fx.rules;

import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Copies of a tensor with some elements written, at places that are data. */
final class WriteRules {
  private WriteRules() {}

  static void addTo(RuleTable table) {
    table.add(
        "index_put _unsafe_index_put index_fill.int_Scalar index_fill.int_Tensor",
        WriteRules::copied);
    table.add("index_add index_reduce index_copy", WriteRules::slices);
    table.add("masked_scatter", WriteRules::maskedScatter);
    table.add("scatter_reduce.two", IndexingRules::scattered);
    table.add("repeat_interleave.Tensor", WriteRules::repetitions);
  }

  /** Of those that are said in terms of others, but for some forms. */
  static void addRemainingTo(RuleTable table) {
    table.add("put", WriteRules::copied);
    table.add("slice_scatter select_scatter", WriteRules::copiedWithGaps);
    table.add("repeat_interleave.self_Tensor", WriteRules::repeated);
    table.addMany("embedding_bag embedding_bag.padding_idx", call -> bags(call, call.has(8)));
    table.addMany(
        "_embedding_bag _embedding_bag_forward_only", call -> bags(call, call.integer(8) >= 0));
  }

  /** Rows, then what the gradient needs: each kernel of libtorch yields its own part of it. */
  private static List<TensorMeta> bags(OpCall call, boolean padded) {
    TensorMeta table = call.tensor(0);
    Dim indices = call.tensor(1).shape().getFirst();
    Dim offsets = call.tensor(2).shape().getFirst();
    Dim bags = offsets.minus(call.flag(7) ? 1 : 0);
    long mode = call.integer(4);
    boolean weighed = call.has(6) && !call.tensor(6).strides().getFirst().is(1);
    boolean fast =
        mode == 0
            && !padded
            && !weighed
            && table.dtype() != DType.FLOAT64
            && table.strides().get(1).is(1);
    List<Dim> rows = List.of(bags, table.shape().get(1));
    Dim counted = mode == 0 ? offsets : bags;
    DType places = call.tensor(1).dtype();
    return List.of(
        TensorMeta.contiguous(table.dtype(), rows),
        TensorMeta.contiguous(places, List.of(fast ? Dim.ZERO : indices)),
        TensorMeta.contiguous(places, List.of(counted)),
        TensorMeta.contiguous(places, mode == 2 ? rows : List.of(counted)));
  }

  private static TensorMeta copied(OpCall call) {
    return CopyRules.like(call, call.tensor(0), Optional.empty());
  }

  /** The place of what is repeated, as often as it is: how many that makes the model has to say. */
  private static TensorMeta repetitions(OpCall call) {
    TensorMeta repeats = call.tensor(0);
    if (!call.has(1)) {
      throw new OpCall.Unknown();
    }
    if (repeats.rank() != 1 || repeats.dtype() != DType.INT64 && repeats.dtype() != DType.INT32) {
      throw call.error("the repeats are " + repeats + ", not a line of int64 or int32");
    }
    return TensorMeta.contiguous(repeats.dtype(), List.of(call.dim(1)));
  }

  /** As long as the model says; the repetitions themselves are data. */
  private static TensorMeta repeated(OpCall call) {
    if (!call.has(3)) {
      throw new OpCall.Unknown();
    }
    TensorMeta self = call.tensor(0);
    List<Dim> shape = new ArrayList<>(call.has(2) ? self.shape() : List.of(Dim.ONE));
    shape.set(call.has(2) ? call.axis(2, self.rank()) : 0, call.dim(3));
    return TensorMeta.contiguous(self.dtype(), shape);
  }

  /** The very strides, unless elements share memory. */
  private static TensorMeta copiedWithGaps(OpCall call) {
    TensorMeta self = call.tensor(0);
    boolean shared = false;
    for (int i = 0; i < self.rank(); i++) {
      shared |= self.strides().get(i).is(0) && !self.shape().get(i).is(1);
    }
    return shared ? copied(call) : self;
  }

  /** Slices of argument 3, each with a place in the index. */
  private static TensorMeta slices(OpCall call) {
    List<Dim> self = call.tensor(0).shape();
    List<Dim> index = call.tensor(2).shape();
    List<Dim> source = call.tensor(3).shape();
    int axis = call.axis(1, self.size());
    if (index.size() > 1) {
      throw call.error("the index has shape " + index + ", not one dimension");
    }
    if (self.size() != source.size() && !self.isEmpty() && !source.isEmpty()) {
      throw call.error("slices of shape " + source + " for a tensor of shape " + self);
    }
    Dim places = index.isEmpty() ? Dim.ONE : index.getFirst();
    Dim given = source.isEmpty() ? Dim.ONE : source.get(axis);
    if (!places.equals(given)) {
      throw call.unequal(
          "an index of %s places for a source of shape %s".formatted(places, source),
          places,
          given);
    }
    for (int i = 0; i < Math.min(self.size(), source.size()); i++) {
      if (i != axis && !self.get(i).equals(source.get(i))) {
        throw call.unequal(
            "slices of shape %s for a tensor of shape %s".formatted(source, self),
            self.get(i),
            source.get(i));
      }
    }
    return TensorMeta.contiguous(call.tensor(0).dtype(), call.tensor(0).shape());
  }

  private static TensorMeta maskedScatter(OpCall call) {
    List<List<Dim>> shapes = List.of(call.tensor(0).shape(), call.tensor(1).shape());
    return TensorMeta.contiguous(call.tensor(0).dtype(), PointwiseLayout.broadcast(call, shapes));
  }
}
