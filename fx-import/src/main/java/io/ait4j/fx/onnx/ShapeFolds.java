package io.ait4j.fx.onnx;

import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Known numbers moved, chosen and joined. */
final class ShapeFolds {
  private ShapeFolds() {}

  static void addTo(Folding folding) {
    folding.add("Gather", ShapeFolds::gathered);
    folding.add("Concat", ShapeFolds::concatenated);
    folding.add("Slice", ShapeFolds::sliced);
    folding.add("Split", ShapeFolds::split);
    folding.add("Squeeze", ShapeFolds::squeezed);
    folding.add("Unsqueeze", ShapeFolds::unsqueezed);
    folding.add("Reshape", ShapeFolds::reshaped);
    folding.add("Expand", ShapeFolds::broadcast);
    folding.add("Transpose", ShapeFolds::transposed);
    folding.add("ConstantOfShape", ShapeFolds::filled);
    folding.add("ReduceProd", (c, in) -> reduced(c, in, Numbers::product));
    folding.add("ReduceSum", (c, in) -> reduced(c, in, Numbers::sum));
    folding.add("ReduceMax", (c, in) -> reduced(c, in, (t, a, b) -> Numbers.extreme(a, b, false)));
    folding.add("ReduceMin", (c, in) -> reduced(c, in, (t, a, b) -> Numbers.extreme(a, b, true)));
    folding.add("NonZero", ShapeFolds::places);
  }

  @FunctionalInterface
  private interface Step {
    Optional<Num> apply(DType type, Num a, Num b);
  }

  private static Optional<List<KnownTensor>> one(KnownTensor result) {
    return Optional.of(List.of(result));
  }

  private static Optional<List<Integer>> constants(KnownTensor tensor) {
    Optional<List<Dim>> dims = tensor.integers();
    return dims.isPresent() && dims.get().stream().allMatch(Dim::isConst)
        ? Optional.of(
            dims.get().stream()
                .map(d -> Math.clamp(d.value(), Integer.MIN_VALUE, Integer.MAX_VALUE))
                .toList())
        : Optional.empty();
  }

  /** Row-major steps of a shape. */
  private static int[] strides(List<Integer> shape) {
    int[] strides = new int[shape.size()];
    int step = 1;
    for (int i = shape.size() - 1; i >= 0; i--) {
      strides[i] = step;
      step *= shape.get(i);
    }
    return strides;
  }

  /**
   * A tensor picked by steps: element {@code i} of the new shape lies at the sum of its coordinates
   * times {@code steps}, from {@code start} on.
   */
  private static KnownTensor strided(
      KnownTensor tensor, List<Integer> shape, int[] steps, int start) {
    int[] strides = strides(shape);
    return tensor.pick(
        shape,
        i -> {
          int at = start;
          for (int d = 0; d < steps.length; d++) {
            at += i / strides[d] % shape.get(d) * steps[d];
          }
          return at;
        });
  }

  /** Broadcast to a shape that it fits. */
  static KnownTensor expanded(KnownTensor tensor, List<Integer> shape) {
    if (tensor.shape().equals(shape)) {
      return tensor;
    }
    int[] own = strides(tensor.shape());
    int[] steps = new int[shape.size()];
    int offset = shape.size() - tensor.rank();
    for (int d = 0; d < tensor.rank(); d++) {
      steps[d + offset] = tensor.shape().get(d) == 1 ? 0 : own[d];
    }
    return strided(tensor, shape, steps, 0);
  }

  private static Optional<List<KnownTensor>> gathered(OnnxCall c, List<KnownTensor> in) {
    KnownTensor x = in.getFirst();
    int axis = c.axis(c.attributes().integer("axis", 0), x.rank());
    Optional<List<Integer>> indices = constants(in.get(1));
    if (indices.isEmpty()) {
      return Optional.empty();
    }
    List<Integer> shape = new ArrayList<>(x.shape().subList(0, axis));
    shape.addAll(in.get(1).shape());
    shape.addAll(x.shape().subList(axis + 1, x.rank()));
    int size = x.shape().get(axis);
    int inner = KnownTensor.count(x.shape().subList(axis + 1, x.rank()));
    int count = indices.get().size();
    if (KnownTensor.count(shape) > KnownTensor.LIMIT) {
      return Optional.empty();
    }
    return one(
        x.pick(
            shape,
            i -> {
              int index = c.axis(indices.get().get(i / inner % count), size);
              return (i / inner / count * size + index) * inner + i % inner;
            }));
  }

  private static Optional<List<KnownTensor>> concatenated(OnnxCall c, List<KnownTensor> in) {
    KnownTensor first = in.getFirst();
    int axis = c.axis(c.attributes().integer("axis", 0), first.rank());
    int total = 0;
    int elements = 0;
    for (KnownTensor part : in) {
      boolean fits = part.dtype() == first.dtype() && part.rank() == first.rank();
      for (int d = 0; fits && d < first.rank(); d++) {
        fits = d == axis || part.shape().get(d).equals(first.shape().get(d));
      }
      if (!fits) {
        return Optional.empty();
      }
      total += part.shape().get(axis);
      elements += part.elements().size();
    }
    if (elements > KnownTensor.LIMIT) {
      return Optional.empty();
    }
    List<Integer> shape = new ArrayList<>(first.shape());
    shape.set(axis, total);
    List<Num> joined = new ArrayList<>();
    int outer = KnownTensor.count(first.shape().subList(0, axis));
    for (int i = 0; i < outer; i++) {
      for (KnownTensor part : in) {
        int each = part.elements().size() / outer;
        joined.addAll(part.elements().subList(i * each, (i + 1) * each));
      }
    }
    return one(new KnownTensor(first.dtype(), shape, joined));
  }

  private static Optional<List<KnownTensor>> sliced(OnnxCall c, List<KnownTensor> in) {
    List<List<Integer>> lists = new ArrayList<>();
    for (KnownTensor input : in.subList(1, in.size())) {
      Optional<List<Integer>> constants = input == null ? Optional.empty() : constants(input);
      if (input != null && constants.isEmpty()) {
        return Optional.empty();
      }
      lists.add(constants.orElse(null));
    }
    int count = lists.getFirst().size();
    KnownTensor x = in.getFirst();
    for (int i = 0; i < count; i++) {
      int axis =
          c.axis(lists.size() > 2 && lists.get(2) != null ? lists.get(2).get(i) : i, x.rank());
      int step = lists.size() > 3 && lists.get(3) != null ? lists.get(3).get(i) : 1;
      if (step == 0) {
        return Optional.empty();
      }
      x = sliced(x, axis, lists.get(0).get(i), lists.get(1).get(i), step);
    }
    return one(x);
  }

  private static KnownTensor sliced(KnownTensor x, int axis, int start, int end, int step) {
    int size = x.shape().get(axis);
    if (size == 0) {
      return x;
    }
    long first = start < 0 ? (long) start + size : start;
    long last = end < 0 ? (long) end + size : end;
    first = step > 0 ? Math.clamp(first, 0, size) : Math.clamp(first, 0, size - 1);
    last = step > 0 ? Math.clamp(last, 0, size) : Math.clamp(last, -1, size);
    long count = step > 0 ? (last - first + step - 1) / step : (first - last - step - 1) / -step;
    List<Integer> shape = new ArrayList<>(x.shape());
    shape.set(axis, (int) Math.max(0, count));
    int[] steps = strides(x.shape());
    int from = (int) first * steps[axis];
    steps[axis] *= step;
    return strided(x, shape, steps, from);
  }

  private static Optional<List<KnownTensor>> split(OnnxCall c, List<KnownTensor> in) {
    KnownTensor x = in.getFirst();
    int axis = c.axis(c.attributes().integer("axis", 0), x.rank());
    int parts = c.node().outputs().size();
    int size = x.shape().get(axis);
    int each = (size + parts - 1) / parts;
    List<Integer> sizes = new ArrayList<>(Collections.nCopies(parts, each));
    sizes.set(parts - 1, size - each * (parts - 1));
    if (in.size() > 1 && in.get(1) != null) {
      Optional<List<Integer>> given = constants(in.get(1));
      if (given.isEmpty()) {
        return Optional.empty();
      }
      sizes = given.get();
    }
    if (sizes.stream().anyMatch(n -> n < 0) || sizes.stream().mapToInt(n -> n).sum() != size) {
      return Optional.empty();
    }
    List<KnownTensor> results = new ArrayList<>();
    int start = 0;
    for (int part : sizes) {
      results.add(sliced(x, axis, start, start + part, 1));
      start += part;
    }
    return Optional.of(results);
  }

  private static Optional<List<KnownTensor>> squeezed(OnnxCall c, List<KnownTensor> in) {
    KnownTensor x = in.getFirst();
    List<Integer> axes =
        in.size() > 1 && in.get(1) != null
            ? ShapeOperators.axes(c, x.rank())
            : java.util.stream.IntStream.range(0, x.rank())
                .filter(d -> x.shape().get(d) == 1)
                .boxed()
                .toList();
    List<Integer> shape = new ArrayList<>();
    for (int d = 0; d < x.rank(); d++) {
      if (!axes.contains(d)) {
        shape.add(x.shape().get(d));
      } else if (x.shape().get(d) != 1) {
        return Optional.empty();
      }
    }
    return one(x.reshaped(shape));
  }

  private static Optional<List<KnownTensor>> unsqueezed(OnnxCall c, List<KnownTensor> in) {
    List<Integer> shape = new ArrayList<>(in.getFirst().shape());
    int rank = shape.size() + in.get(1).elements().size();
    ShapeOperators.axes(c, rank).stream().sorted().forEach(axis -> shape.add(axis, 1));
    return one(in.getFirst().reshaped(shape));
  }

  private static Optional<List<KnownTensor>> reshaped(OnnxCall c, List<KnownTensor> in) {
    List<Dim> shape = ShapeOperators.reshaped(c, c.shape(0), c.dims(1));
    return shape.stream().allMatch(Dim::isConst)
            && Dim.product(shape).is(in.getFirst().elements().size())
        ? one(in.getFirst().reshaped(shape.stream().map(d -> (int) d.value()).toList()))
        : Optional.empty();
  }

  private static Optional<List<KnownTensor>> broadcast(OnnxCall c, List<KnownTensor> in) {
    List<Dim> shape = ShapeOperators.broadcast(c, c.shape(0), c.dims(1));
    return Dim.product(shape).max() <= KnownTensor.LIMIT && shape.stream().allMatch(Dim::isConst)
        ? one(expanded(in.getFirst(), shape.stream().map(d -> (int) d.value()).toList()))
        : Optional.empty();
  }

  private static Optional<List<KnownTensor>> transposed(OnnxCall c, List<KnownTensor> in) {
    KnownTensor x = in.getFirst();
    int[] own = strides(x.shape());
    int[] steps = new int[x.rank()];
    List<Integer> shape = new ArrayList<>();
    Optional<List<Long>> order = c.attributes().integers("perm");
    for (int d = 0; d < x.rank(); d++) {
      int from = order.isPresent() ? c.axis(order.get().get(d), x.rank()) : x.rank() - 1 - d;
      shape.add(x.shape().get(from));
      steps[d] = own[from];
    }
    return one(strided(x, shape, steps, 0));
  }

  /** Larger ones are a loop's business, not a constant's. */
  private static Optional<List<KnownTensor>> filled(OnnxCall c, List<KnownTensor> in) {
    Optional<List<Integer>> shape = constants(in.getFirst());
    if (shape.isEmpty() || shape.get().size() > 1) {
      return Optional.empty();
    }
    int count = shape.get().isEmpty() ? 1 : shape.get().getFirst();
    KnownTensor value = ConstructorOperators.fill(c);
    return count >= 0 && count <= 64 ? one(value.pick(shape.get(), i -> 0)) : Optional.empty();
  }

  /** Over all axes. */
  private static Optional<List<KnownTensor>> reduced(OnnxCall c, List<KnownTensor> in, Step step) {
    KnownTensor x = in.getFirst();
    boolean some =
        in.size() > 1 && in.get(1) != null && !in.get(1).elements().isEmpty()
            || c.attributes().has("axes");
    if (x.elements().isEmpty()
        || some && x.rank() > 1
        || !x.dtype().isInteger()
        || c.attributes().flag("noop_with_empty_axes", false)) {
      return Optional.empty();
    }
    Num result = x.elements().getFirst();
    for (Num next : x.elements().subList(1, x.elements().size())) {
      Optional<Num> both = step.apply(x.dtype(), result, next);
      if (both.isEmpty()) {
        return Optional.empty();
      }
      result = both.get();
    }
    boolean keep = c.attributes().flag("keepdims", true);
    return one(
        new KnownTensor(
            x.dtype(), keep ? Collections.nCopies(x.rank(), 1) : List.of(), List.of(result)));
  }

  private static Optional<List<KnownTensor>> places(OnnxCall c, List<KnownTensor> in) {
    KnownTensor x = in.getFirst();
    if (!x.isConstant() || x.rank() == 0) {
      return Optional.empty();
    }
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i < x.elements().size(); i++) {
      if (x.real(i).orElse(0) != 0) {
        found.add(i);
      }
    }
    int[] strides = strides(x.shape());
    List<Num> places = new ArrayList<>();
    for (int d = 0; d < x.rank(); d++) {
      for (int at : found) {
        places.add(Num.of(at / strides[d] % x.shape().get(d)));
      }
    }
    return one(new KnownTensor(DType.INT64, List.of(x.rank(), found.size()), places));
  }
}
