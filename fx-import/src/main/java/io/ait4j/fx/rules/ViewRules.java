package io.ait4j.fx.rules;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Other shapes and strides of the same memory. */
final class ViewRules {
  private ViewRules() {}

  static void addTo(RuleTable table) {
    table.add("view", ViewRules::view);
    table.add("reshape", ViewRules::reshape);
    table.add("permute", ViewRules::permute);
    table.add("expand", ViewRules::expand);
    table.add("squeeze.dims", ViewRules::squeeze);
    table.add("unsqueeze", ViewRules::unsqueeze);
    table.add("slice.Tensor", ViewRules::slice);
    table.add("select.int", ViewRules::select);
    table.add("alias", call -> call.tensor(0));
  }

  private static TensorMeta view(OpCall call) {
    TensorMeta self = call.tensor(0);
    List<Dim> shape = inferred(call, self);
    return ViewStrides.of(self, shape)
        .map(strides -> new TensorMeta(self.dtype(), shape, strides))
        .orElseThrow(
            () ->
                call.error(
                    "%s cannot be seen as shape %s without a copy; use reshape"
                        .formatted(self, shape)));
  }

  private static TensorMeta reshape(OpCall call) {
    TensorMeta self = call.tensor(0);
    List<Dim> shape = inferred(call, self);
    Optional<List<Dim>> strides = ViewStrides.of(self, shape);
    return strides
        .map(s -> new TensorMeta(self.dtype(), shape, s))
        .orElseGet(() -> TensorMeta.contiguous(self.dtype(), shape));
  }

  /** The wanted shape with -1 resolved. */
  private static List<Dim> inferred(OpCall call, TensorMeta self) {
    List<Dim> shape = new ArrayList<>(call.dims(1));
    int open = -1;
    Dim rest = Dim.ONE;
    for (int i = 0; i < shape.size(); i++) {
      if (!shape.get(i).is(-1)) {
        rest = rest.times(shape.get(i));
      } else if (open >= 0) {
        throw call.error("two dimensions of " + shape + " are -1");
      } else {
        open = i;
      }
    }
    Dim numel = self.numel();
    if (open >= 0) {
      if (rest.is(0)) {
        throw call.error("-1 in " + shape + " stands for any size");
      }
      Dim left = numel.mod(rest);
      if (!left.is(0)) {
        throw call.unequal(misfit(self, shape), left, Dim.ZERO);
      }
      shape.set(open, numel.floorDiv(rest));
    }
    Dim wanted = Dim.product(shape);
    if (!wanted.equals(numel)) {
      throw call.unequal(misfit(self, shape), numel, wanted);
    }
    return shape;
  }

  private static String misfit(TensorMeta self, List<Dim> shape) {
    return "shape " + self.shape() + " does not hold as many elements as " + shape;
  }

  private static TensorMeta permute(OpCall call) {
    TensorMeta self = call.tensor(0);
    List<Long> dims = call.integers(1);
    List<Dim> shape = new ArrayList<>();
    List<Dim> strides = new ArrayList<>();
    boolean[] seen = new boolean[self.rank()];
    for (long dim : dims) {
      int axis = call.axis(dim, self.rank());
      if (axis >= seen.length || seen[axis]) {
        throw call.error(dims + " is no permutation of " + self.rank() + " dimensions");
      }
      seen[axis] = true;
      shape.add(self.shape().get(axis));
      strides.add(self.strides().get(axis));
    }
    if (shape.size() != self.rank()) {
      throw call.error(dims + " is no permutation of " + self.rank() + " dimensions");
    }
    return new TensorMeta(self.dtype(), shape, strides);
  }

  private static TensorMeta expand(OpCall call) {
    TensorMeta self = call.tensor(0);
    List<Dim> wanted = call.dims(1);
    int added = wanted.size() - self.rank();
    if (added < 0) {
      throw call.error("shape " + self.shape() + " has more dimensions than " + wanted);
    }
    List<Dim> shape = new ArrayList<>();
    List<Dim> strides = new ArrayList<>();
    for (int i = wanted.size() - 1; i >= 0; i--) {
      Dim size = i >= added ? self.shape().get(i - added) : Dim.ONE;
      // A new dimension gets the stride it would have in a view of size 1 before it is repeated.
      Dim stride =
          i >= added
              ? self.strides().get(i - added)
              : i == wanted.size() - 1 ? Dim.ONE : shape.getFirst().times(strides.getFirst());
      Dim target = wanted.get(i).is(-1) && i >= added ? size : wanted.get(i);
      if (!target.equals(size)) {
        String problem = "shape " + self.shape() + " does not expand to " + wanted;
        if (target.max() < 0) {
          throw call.error(problem);
        }
        if (!size.is(1)) {
          throw call.unequal(problem, size, target);
        }
        stride = Dim.ZERO;
      }
      shape.addFirst(target);
      strides.addFirst(stride);
    }
    return new TensorMeta(self.dtype(), shape, strides);
  }

  private static TensorMeta squeeze(OpCall call) {
    TensorMeta self = call.tensor(0);
    boolean[] named = new boolean[Math.max(1, self.rank())];
    for (long dim : call.integers(1)) {
      named[call.axis(dim, self.rank())] = true;
    }
    List<Dim> shape = new ArrayList<>();
    List<Dim> strides = new ArrayList<>();
    for (int i = 0; i < self.rank(); i++) {
      if (!named[i] || !self.shape().get(i).is(1)) {
        shape.add(self.shape().get(i));
        strides.add(self.strides().get(i));
      }
    }
    return new TensorMeta(self.dtype(), shape, strides);
  }

  private static TensorMeta unsqueeze(OpCall call) {
    TensorMeta self = call.tensor(0);
    int axis = call.axis(1, self.rank() + 1);
    List<Dim> shape = new ArrayList<>(self.shape());
    List<Dim> strides = new ArrayList<>(self.strides());
    strides.add(axis, axis == self.rank() ? Dim.ONE : shape.get(axis).times(strides.get(axis)));
    shape.add(axis, Dim.ONE);
    return new TensorMeta(self.dtype(), shape, strides);
  }

  private static TensorMeta slice(OpCall call) {
    TensorMeta self = call.tensor(0);
    if (self.rank() == 0) {
      throw call.error("a tensor of rank 0 has nothing to slice");
    }
    int axis = call.axis(1, self.rank());
    long step = call.has(4) ? call.integer(4) : 1;
    if (step < 1) {
      throw call.error("the step is " + step);
    }
    Dim size = self.shape().get(axis);
    Dim start = clamp(call.has(2) ? call.dim(2) : Dim.ZERO, size, Dim.ZERO);
    Dim end = clamp(call.has(3) ? call.dim(3) : size, size, start);
    List<Dim> shape = new ArrayList<>(self.shape());
    List<Dim> strides = new ArrayList<>(self.strides());
    shape.set(axis, end.minus(start).plus(step - 1).floorDiv(step));
    strides.set(axis, strides.get(axis).times(step));
    return new TensorMeta(self.dtype(), shape, strides);
  }

  /** A bound of a slice: negative ones count from the end, and none leaves [low, size]. */
  private static Dim clamp(Dim bound, Dim size, Dim low) {
    Dim fromStart = bound.max() < 0 ? bound.plus(size) : bound;
    return fromStart.max(low).min(size);
  }

  private static TensorMeta select(OpCall call) {
    TensorMeta self = call.tensor(0);
    if (self.rank() == 0) {
      throw call.error("a tensor of rank 0 has nothing to select");
    }
    int axis = call.axis(1, self.rank());
    Dim size = self.shape().get(axis);
    if (call.args().get(2) instanceof Arg.Int(long index)
        && size.isConst()
        && (index >= size.value() || index < -size.value())) {
      throw call.error(
          "index %d is out of range in dimension %d of shape %s"
              .formatted(index, axis, self.shape()));
    }
    List<Dim> shape = new ArrayList<>(self.shape());
    List<Dim> strides = new ArrayList<>(self.strides());
    shape.remove(axis);
    strides.remove(axis);
    return new TensorMeta(self.dtype(), shape, strides);
  }
}
