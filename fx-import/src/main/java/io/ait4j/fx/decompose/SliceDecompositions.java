package io.ait4j.fx.decompose;

import static io.ait4j.fx.Arg.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.List;

/** Parts of a tensor, all as {@code slice} and {@code select}. */
final class SliceDecompositions {
  /** Beyond any model's; sizes that a file or a user declares may be anything. */
  private static final long MOST_PARTS = 1 << 20;

  private SliceDecompositions() {}

  static void addTo(DecompositionTable table) {
    table.add("slice.Tensor", SliceDecompositions::slice);
    table.add("select.int", SliceDecompositions::select);
    table.add("diagonal", SliceDecompositions::diagonal);
    table.add("narrow", SliceDecompositions::narrow);
    table.addMany("split.Tensor", r -> pieces(r, axis(r, 2), r.dim(1)));
    table.addMany("split_with_sizes", r -> sized(r, axis(r, 2), r.dims(1)));
    table.addMany("chunk", SliceDecompositions::chunk);
    table.addMany("unbind.int", SliceDecompositions::unbind);
    table.addMany("tensor_split.sections", r -> sections(r, axis(r, 2), r.integer(1)));
    table.addMany("tensor_split.indices", r -> cut(r, axis(r, 2), r.dims(1)));
    table.addMany("hsplit.int", r -> sections(r, r.meta(0).rank() == 1 ? 0 : 1, r.integer(1)));
    table.addMany("hsplit.array", r -> cut(r, r.meta(0).rank() == 1 ? 0 : 1, r.dims(1)));
    table.addMany("vsplit.int", r -> sections(r, 0, r.integer(1)));
    table.addMany("vsplit.array", r -> cut(r, 0, r.dims(1)));
    table.addMany("dsplit.int", r -> sections(r, 2, r.integer(1)));
    table.addMany("dsplit.array", r -> cut(r, 2, r.dims(1)));
    table.add("diff", SliceDecompositions::diff);
    table.add("roll", SliceDecompositions::roll);
    table.add("fft_fftshift", r -> shifted(r, true));
    table.add("fft_ifftshift", r -> shifted(r, false));
  }

  private static int axis(Rewrite r, int i) {
    return r.axis(r.integer(i), r.meta(0).rank());
  }

  /** Bounds inside the dimension; a slice that keeps everything is nothing. */
  private static Arg slice(Rewrite r) {
    int axis = axis(r, 1);
    Dim size = r.meta(0).shape().get(axis);
    Dim start = bound(r.has(2) ? r.dim(2) : Dim.ZERO, size, Dim.ZERO);
    Dim end = bound(r.has(3) ? r.dim(3) : size, size, start);
    if (start.is(0) && end.equals(size) && r.integer(4) == 1) {
      return r.arg(0);
    }
    return r.node("slice.Tensor", r.arg(0), of(axis), Arg.of(start), Arg.of(end), r.arg(4));
  }

  /** A bound of a slice: negative ones count from the end, and none leaves [low, size]. */
  static Dim bound(Dim bound, Dim size, Dim low) {
    Dim fromStart = bound.max() < 0 ? bound.plus(size) : bound;
    return fromStart.max(low).min(size);
  }

  private static Arg select(Rewrite r) {
    int axis = axis(r, 1);
    Dim index = r.dim(2);
    Dim fromStart = index.max() < 0 ? index.plus(r.meta(0).shape().get(axis)) : index;
    return r.node("select.int", r.arg(0), of(axis), Arg.of(fromStart));
  }

  /** Every (columns + 1)th element of the matrix written out row by row; strides are constants. */
  private static Arg diagonal(Rewrite r) {
    int rank = r.meta(0).rank();
    int first = r.axis(r.integer(2), rank);
    int second = r.axis(r.integer(3), rank);
    List<Integer> order = Rewrite.range(0, rank);
    order.removeAll(List.of(first, second));
    order.add(first);
    order.add(second);
    Arg matrices = r.permute(r.arg(0), order);
    List<Dim> shape = new ArrayList<>(r.meta(matrices).shape());
    Dim columns = shape.removeLast();
    Dim rows = shape.removeLast();
    shape.add(rows.times(columns));
    long offset = r.integer(1);
    Dim count =
        (offset < 0 ? rows.plus(offset).min(columns) : columns.minus(offset).min(rows))
            .max(Dim.ZERO);
    Dim start = offset < 0 ? columns.times(-offset) : Dim.of(offset);
    Dim step = columns.plus(1);
    if (!step.isConst()) {
      Arg places = r.call("mul.Tensor", ConstructorDecompositions.arange(r, count), Arg.of(step));
      places = r.call("add.Tensor", places, Arg.of(start));
      return r.call("index_select", r.reshape(matrices, shape), of(rank - 2), places);
    }
    Dim end = count.is(0) ? start : start.plus(count.minus(1).times(step)).plus(1);
    return r.call(
        "slice.Tensor",
        r.reshape(matrices, shape),
        of(rank - 2),
        Arg.of(start),
        Arg.of(end),
        Arg.of(step));
  }

  private static Arg narrow(Rewrite r) {
    int axis = axis(r, 1);
    Dim start = r.dim(2).max() < 0 ? r.dim(2).plus(r.meta(0).shape().get(axis)) : r.dim(2);
    return r.slice(r.arg(0), axis, start, start.plus(r.dim(3)));
  }

  private static List<Arg> pieces(Rewrite r, int axis, Dim step) {
    Dim size = r.meta(0).shape().get(axis);
    long count =
        step.is(0) ? 1 : Math.max(1, r.constant(size.ceilDiv(step), "the number of parts"));
    return pieces(r, axis, step, count);
  }

  /** Each part is a node of the graph. */
  private static void checkCount(Rewrite r, long count) {
    if (count > MOST_PARTS) {
      throw r.error(
          "a tensor of shape %s falls into %d parts, more than the %d that a graph may have; declare smaller sizes"
              .formatted(r.meta(0).shape(), count, MOST_PARTS));
    }
  }

  private static List<Arg> pieces(Rewrite r, int axis, Dim step, long count) {
    checkCount(r, count);
    Dim size = r.meta(0).shape().get(axis);
    List<Arg> parts = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      Dim start = step.times(i);
      parts.add(r.slice(r.arg(0), axis, start, i == count - 1 ? size : start.plus(step)));
    }
    return parts;
  }

  private static List<Arg> sized(Rewrite r, int axis, List<Dim> sizes) {
    Dim total = sizes.stream().reduce(Dim.ZERO, Dim::plus);
    if (!total.equals(r.meta(0).shape().get(axis))) {
      throw r.unequal(
          "sizes %s do not add up to dimension %d of shape %s"
              .formatted(sizes, axis, r.meta(0).shape()),
          total,
          r.meta(0).shape().get(axis));
    }
    List<Arg> parts = new ArrayList<>();
    Dim start = Dim.ZERO;
    for (Dim size : sizes) {
      parts.add(r.slice(r.arg(0), axis, start, start.plus(size)));
      start = start.plus(size);
    }
    return parts;
  }

  private static List<Arg> chunk(Rewrite r) {
    int axis = axis(r, 2);
    Dim size = r.meta(0).shape().get(axis);
    if (r.dim(1).max() < 1) {
      throw r.error(r.dim(1) + " parts are wanted");
    }
    Dim step = size.ceilDiv(r.dim(1));
    if (step.is(0)) {
      // An empty dimension still yields as many chunks as were asked for.
      return java.util.Collections.nCopies((int) r.integer(1), r.arg(0));
    }
    long wanted = r.integer(1);
    // Rounding up the size of a part may take a part away, but not from a long dimension.
    boolean all = size.mod(wanted).is(0) || size.min() / wanted >= wanted - 1;
    return !size.isConst() && all ? pieces(r, axis, step, wanted) : pieces(r, axis, step);
  }

  private static List<Arg> unbind(Rewrite r) {
    int axis = axis(r, 1);
    List<Arg> parts = new ArrayList<>();
    long count = r.constant(r.meta(0).shape().get(axis), "the number of parts");
    checkCount(r, count);
    for (long i = 0; i < count; i++) {
      parts.add(r.call("select.int", r.arg(0), of(axis), of(i)));
    }
    return parts;
  }

  /** The first {@code size % count} parts are one longer. */
  private static List<Arg> sections(Rewrite r, int axis, long count) {
    if (count < 1) {
      throw r.error(count + " parts are wanted");
    }
    checkCount(r, count);
    Dim size = r.meta(0).shape().get(axis);
    Dim base = size.floorDiv(count);
    Dim longer = size.mod(count);
    List<Arg> parts = new ArrayList<>();
    Dim start = Dim.ZERO;
    for (long i = 0; i < count; i++) {
      Dim end = start.plus(base).plus(Dim.of(i).plus(1).min(longer).minus(Dim.of(i).min(longer)));
      parts.add(r.slice(r.arg(0), axis, start, end));
      start = end;
    }
    return parts;
  }

  private static List<Arg> cut(Rewrite r, int axis, List<Dim> indices) {
    List<Arg> parts = new ArrayList<>();
    Dim start = Dim.ZERO;
    Dim size = r.meta(0).shape().get(axis);
    for (Dim index : indices) {
      parts.add(r.slice(r.arg(0), axis, start, index));
      start = index;
    }
    parts.add(r.slice(r.arg(0), axis, start, size));
    return parts;
  }

  private static Arg diff(Rewrite r) {
    int axis = axis(r, 2);
    Arg x = r.arg(0);
    if (r.has(3) || r.has(4)) {
      List<Arg> joined = new ArrayList<>();
      for (int i : new int[] {3, 0, 4}) {
        if (r.has(i)) {
          joined.add(r.arg(i));
        }
      }
      x = r.call("cat", new Arg.Sequence(joined), of(axis));
    }
    for (long n = 0; n < r.integer(1); n++) {
      Dim size = r.meta(x).shape().get(axis);
      if (size.is(0)) {
        return x;
      }
      Arg later = r.slice(x, axis, Dim.ONE, size);
      Arg earlier = r.slice(x, axis, Dim.ZERO, size.minus(1));
      String minus = r.meta(x).dtype() == DType.BOOL ? "logical_xor" : "sub.Tensor";
      x = r.call(minus, later, earlier);
    }
    return x;
  }

  private static Arg roll(Rewrite r) {
    List<Long> shifts = r.integers(1);
    List<Long> dims = r.integers(2);
    if (dims.isEmpty()) {
      Arg flat = r.reshape(r.arg(0), List.of(r.meta(0).numel()));
      return r.reshape(rolled(r, flat, 0, shifts.getFirst()), r.meta(0).shape());
    }
    Arg x = r.arg(0);
    for (int i = 0; i < dims.size(); i++) {
      x = rolled(r, x, r.axis(dims.get(i), r.meta(0).rank()), shifts.get(i));
    }
    return x;
  }

  /** Zero frequency to the middle of each dimension, or back. */
  private static Arg shifted(Rewrite r, boolean forward) {
    Arg x = r.arg(0);
    for (int axis : r.has(1) ? r.axes(1) : Rewrite.range(0, r.meta(0).rank())) {
      Dim size = r.meta(x).shape().get(axis);
      Dim half = size.floorDiv(2);
      Dim start = forward ? size.minus(half) : half;
      if (!start.is(0) && !start.equals(size)) {
        Arg tail = r.slice(x, axis, start, size);
        Arg head = r.slice(x, axis, Dim.ZERO, start);
        x = r.call("cat", new Arg.Sequence(List.of(tail, head)), of(axis));
      }
    }
    return x;
  }

  private static Arg rolled(Rewrite r, Arg x, int axis, long shift) {
    Dim size = r.meta(x).shape().get(axis);
    if (size.is(0)) {
      return x;
    }
    boolean once = Math.abs(shift) <= size.min();
    Dim start = !once ? Dim.of(-shift).mod(size) : shift > 0 ? size.minus(shift) : Dim.of(-shift);
    if (start.is(0)) {
      return x;
    }
    Arg tail = r.slice(x, axis, start, size);
    Arg head = r.slice(x, axis, Dim.ZERO, start);
    return r.call("cat", new Arg.Sequence(List.of(tail, head)), of(axis));
  }
}
