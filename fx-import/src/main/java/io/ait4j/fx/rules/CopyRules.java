package io.ait4j.fx.rules;

import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Copies of whole tensors: clone, casts, concatenation, padding. */
final class CopyRules {
  private CopyRules() {}

  static void addTo(RuleTable table) {
    table.add("clone", call -> like(call, call.tensor(0), call.text(1)));
    table.add(
        "_to_copy",
        call -> {
          TensorMeta self = call.tensor(0);
          return like(call, self.withDtype(call.dtype(1).orElse(self.dtype())), call.text(6));
        });
    table.add("cat", CopyRules::concatenated);
    table.add("constant_pad_nd", CopyRules::padded);
    table.add("flip", CopyRules::flipped);
  }

  /** What {@code empty_like} allocates for a memory format. */
  static TensorMeta like(OpCall call, TensorMeta self, Optional<String> format) {
    return switch (format.orElse("preserve_format")) {
      case "preserve_format" ->
          MemoryLayout.isDense(self)
              ? self
              : PointwiseLayout.result(call, self.dtype(), List.of(self));
      case "contiguous_format" -> TensorMeta.contiguous(self.dtype(), self.shape());
      case "channels_last", "channels_last_3d" -> {
        if (self.rank() != (format.get().endsWith("3d") ? 5 : 4)) {
          throw call.error("a tensor of rank " + self.rank() + " cannot be " + format.get());
        }
        yield MemoryLayout.channelsLast(self);
      }
      default -> throw call.error("memory format '" + format.get() + "' is unknown");
    };
  }

  private static TensorMeta flipped(OpCall call) {
    TensorMeta self = call.tensor(0);
    call.integers(1).forEach(dim -> call.axis(dim, self.rank()));
    return like(call, self, Optional.empty());
  }

  private static TensorMeta concatenated(OpCall call) {
    List<TensorMeta> all = call.tensors(0);
    // An empty tensor of rank 1 fits anywhere: a relic that models still use as a start value.
    List<TensorMeta> tensors =
        all.stream().filter(t -> t.rank() != 1 || !t.shape().getFirst().is(0)).toList();
    DType dtype = TypePromotion.common(all.stream().map(Operand::of).toList());
    if (all.isEmpty()) {
      throw call.error("there is nothing to concatenate");
    }
    if (tensors.isEmpty()) {
      return TensorMeta.contiguous(dtype, 0);
    }
    TensorMeta first = tensors.getFirst();
    int axis = call.axis(1, first.rank());
    Dim total = Dim.ZERO;
    for (TensorMeta tensor : tensors) {
      requireFit(call, first, tensor, axis);
      total = total.plus(tensor.shape().get(axis));
    }
    List<Dim> shape = new ArrayList<>(first.shape());
    shape.set(axis, total);
    TensorMeta result = TensorMeta.contiguous(dtype, shape);
    return all.stream().allMatch(MemoryLayout::suggestsChannelsLast)
        ? MemoryLayout.channelsLast(result)
        : result;
  }

  private static void requireFit(OpCall call, TensorMeta first, TensorMeta next, int axis) {
    if (first.rank() == 0) {
      throw call.error("tensors of rank 0 cannot be concatenated");
    }
    List<Dim> expected = new ArrayList<>(first.shape());
    if (next.rank() == first.rank()) {
      expected.set(axis, next.shape().get(axis));
    }
    if (!expected.equals(next.shape())) {
      throw call.unequal(
          "shapes %s and %s differ outside dimension %d"
              .formatted(first.shape(), next.shape(), axis),
          expected,
          next.shape());
    }
  }

  private static TensorMeta padded(OpCall call) {
    TensorMeta self = call.tensor(0);
    List<Dim> pad = call.dims(1);
    if (pad.size() % 2 != 0 || pad.size() > 2 * self.rank()) {
      throw call.error("%d paddings for a tensor of rank %d".formatted(pad.size(), self.rank()));
    }
    List<Dim> shape = new ArrayList<>(self.shape());
    boolean grows = false;
    for (int i = 0; i < pad.size() / 2; i++) {
      int axis = self.rank() - 1 - i;
      Dim size = shape.get(axis).plus(pad.get(2 * i)).plus(pad.get(2 * i + 1));
      if (size.max() < 0) {
        throw call.error("padding " + pad + " leaves less than nothing of " + self.shape());
      }
      grows |= pad.get(2 * i).max() > 0 || pad.get(2 * i + 1).max() > 0;
      shape.set(axis, size);
    }
    return grows
        ? MemoryLayout.like(self, TensorMeta.contiguous(self.dtype(), shape))
        : like(call, new TensorMeta(self.dtype(), shape, self.strides()), Optional.empty());
  }
}
