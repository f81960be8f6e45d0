package io.ait4j.fx.onnx;

import static io.ait4j.fx.Arg.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Parts of tensors, tensors of parts, and what goes around them. */
final class SliceOperators {
  private SliceOperators() {}

  static void addTo(OperatorTable table) {
    table.add("Concat", SliceOperators::concatenated);
    table.addMany("Split", SliceOperators::split);
    table.add("Slice", SliceOperators::sliced);
    table.add("Pad", SliceOperators::padded);
    table.add("DepthToSpace", SliceOperators::depthToSpace);
    table.add("SpaceToDepth", SliceOperators::spaceToDepth);
  }

  private static Arg concatenated(OnnxCall c) {
    ArithmeticOperators.sameType(c);
    int axis = c.axis(c.attributes().integer("axis", 0), c.rank(0));
    List<Arg> parts = new ArrayList<>();
    for (int i = 0; i < c.count(); i++) {
      parts.add(c.tensor(i));
    }
    return parts.size() == 1 ? parts.getFirst() : c.call("cat", new Arg.Sequence(parts), of(axis));
  }

  private static List<Arg> split(OnnxCall c) {
    int axis = c.axis(c.attributes().integer("axis", 0), c.rank(0));
    return parts(c, axis, sizes(c, axis));
  }

  /** Named, or as many equal ones as there are outputs, the last one smaller. */
  private static List<Dim> sizes(OnnxCall c, int axis) {
    Dim size = c.shape(0).get(axis);
    if (c.has(1)) {
      List<Dim> sizes = c.dims(1);
      if (!sizes.stream().reduce(Dim.ZERO, Dim::plus).equals(size)) {
        throw c.error("parts of sizes %s do not make up %s".formatted(sizes, size));
      }
      return sizes;
    }
    int count = (int) c.attributes().integer("num_outputs", c.node().outputs().size());
    if (count != c.node().outputs().size()) {
      throw c.error(
          "num_outputs is %d, but it has %d outputs".formatted(count, c.node().outputs().size()));
    }
    Dim each = size.ceilDiv(Dim.of(count));
    List<Dim> sizes = new ArrayList<>(Collections.nCopies(count - 1, each));
    sizes.add(size.minus(each.times(count - 1)));
    if (sizes.getLast().max() < 0) {
      throw c.error("size %s does not split in %d parts".formatted(size, count));
    }
    return sizes;
  }

  /** Neighbouring slices of input 0. */
  static List<Arg> parts(OnnxCall c, int axis, List<Dim> sizes) {
    List<Arg> parts = new ArrayList<>();
    Dim start = Dim.ZERO;
    for (Dim size : sizes) {
      Dim end = start.plus(size);
      parts.add(c.call("slice.Tensor", c.tensor(0), of(axis), Arg.of(start), Arg.of(end), of(1)));
      start = end;
    }
    return parts;
  }

  private static Arg sliced(OnnxCall c) {
    List<Dim> starts = c.dims(1);
    List<Dim> ends = c.dims(2);
    List<Long> axes = new ArrayList<>();
    for (long axis = 0; axis < starts.size(); axis++) {
      axes.add(axis);
    }
    axes = c.has(3) ? c.integers(3) : axes;
    List<Long> steps = c.has(4) ? c.integers(4) : Collections.nCopies(starts.size(), 1L);
    if (ends.size() != starts.size()
        || axes.size() != starts.size()
        || steps.size() != starts.size()) {
      throw c.error(
          "%d starts, %d ends, %d axes and %d steps do not go together"
              .formatted(starts.size(), ends.size(), axes.size(), steps.size()));
    }
    Arg result = c.tensor(0);
    for (int i = 0; i < starts.size(); i++) {
      int axis = c.axis(axes.get(i), c.rank(0));
      result =
          steps.get(i) > 0
              ? c.call(
                  "slice.Tensor",
                  result,
                  of(axis),
                  Arg.of(starts.get(i)),
                  Arg.of(ends.get(i)),
                  of(steps.get(i)))
              : backwards(c, result, axis, starts.get(i), ends.get(i), steps.get(i));
    }
    return result;
  }

  /** The same elements forwards, then reversed. */
  private static Arg backwards(OnnxCall c, Arg x, int axis, Dim start, Dim end, long step) {
    Dim size = c.meta(x).shape().get(axis);
    if (step == 0) {
      throw c.error("a step is 0");
    }
    Dim first = fromZero(c, start, size).min(size.minus(1));
    Dim last = end.is(Long.MIN_VALUE) ? Dim.of(-1) : fromZero(c, end, size).max(Dim.of(-1));
    if (first.min() < 0 || step == Long.MIN_VALUE) {
      throw c.unsupported("a slice backwards from " + start);
    }
    Dim count = first.minus(last).ceilDiv(Dim.of(-step)).max(Dim.ZERO);
    Dim lowest = first.minus(count.minus(1).times(-step));
    if (count.max() < 1) {
      lowest = first.plus(1);
    }
    Arg forwards =
        c.call("slice.Tensor", x, of(axis), Arg.of(lowest), Arg.of(first.plus(1)), of(-step));
    return c.call("flip", forwards, Arg.ints(axis));
  }

  private static Dim fromZero(OnnxCall c, Dim index, Dim size) {
    if (index.min() >= 0) {
      return index;
    }
    if (index.max() >= 0) {
      throw c.unsupported("the index " + index + ", which may count from either end,");
    }
    return index.isConst() && index.value() < -Integer.MAX_VALUE ? Dim.of(-1) : index.plus(size);
  }

  /** Amounts before each axis, then after each; axes are an input since version 18. */
  private static Arg padded(OnnxCall c) {
    List<Dim> pads = c.dims(1);
    List<Long> axes = new ArrayList<>();
    for (long axis = 0; axis < c.rank(0); axis++) {
      axes.add(axis);
    }
    axes = c.has(3) ? c.integers(3) : axes;
    int rank = c.rank(0);
    if (pads.size() != 2 * axes.size()) {
      throw c.error("%d amounts for %d axes".formatted(pads.size(), axes.size()));
    }
    Dim[] amounts = new Dim[2 * rank];
    java.util.Arrays.fill(amounts, Dim.ZERO);
    int outermost = rank;
    for (int i = 0; i < axes.size(); i++) {
      int axis = c.axis(axes.get(i), rank);
      int at = 2 * (rank - 1 - axis);
      amounts[at] = pads.get(i);
      amounts[at + 1] = pads.get(i + axes.size());
      if (!amounts[at].is(0) || !amounts[at + 1].is(0)) {
        outermost = Math.min(outermost, axis);
      }
    }
    if (outermost == rank) {
      return c.tensor(0);
    }
    List<Dim> used = List.of(amounts).subList(0, 2 * (rank - outermost));
    String mode = c.attributes().text("mode", "constant");
    return switch (mode) {
      case "constant" -> c.call("constant_pad_nd", c.tensor(0), Arg.ofDims(used), padding(c));
      case "reflect" -> mirrored(c, "reflect", used);
      case "edge" -> mirrored(c, "replicate", used);
      case "wrap" -> c.call("pad", c.tensor(0), Arg.ofDims(used), new Arg.Str("circular"));
      default -> throw c.unsupported("mode = " + mode);
    };
  }

  private static Arg padding(OnnxCall c) {
    if (!c.has(2)) {
      return of(0);
    }
    return c.known(2)
        .filter(k -> k.elements().size() == 1)
        .map(
            k ->
                switch (k.elements().getFirst()) {
                  case Num.Whole(Dim d) -> Arg.of(d);
                  case Num.Real(double real) -> of(real);
                })
        .orElseThrow(() -> c.unsupported("padding by a value that is computed from data"));
  }

  /** ATen wants one or two dimensions before those it pads, and pads no more than three. */
  private static Arg mirrored(OnnxCall c, String mode, List<Dim> amounts) {
    int padded = amounts.size() / 2;
    if (padded > 3) {
      throw c.unsupported("mode " + mode + " along " + padded + " dimensions");
    }
    Arg x = c.tensor(0);
    List<Dim> shape = c.shape(0);
    int before = shape.size() - padded;
    if (before == 1 || before == 2) {
      return c.call("pad", x, Arg.ofDims(amounts), new Arg.Str(mode));
    }
    List<Dim> flat = new ArrayList<>();
    flat.add(Dim.product(shape.subList(0, before)));
    flat.addAll(shape.subList(before, shape.size()));
    Arg result = c.call("pad", c.reshape(x, flat), Arg.ofDims(amounts), new Arg.Str(mode));
    List<Dim> back = new ArrayList<>(shape.subList(0, before));
    back.addAll(c.meta(result).shape().subList(1, padded + 1));
    return c.reshape(result, back);
  }

  private static long block(OnnxCall c) {
    long block = c.attributes().integer("blocksize", 0);
    if (block < 1 || c.rank(0) != 4) {
      throw c.error("blocksize %d of an input of rank %d".formatted(block, c.rank(0)));
    }
    return block;
  }

  private static Arg depthToSpace(OnnxCall c) {
    long b = block(c);
    String mode = c.attributes().text("mode", "DCR");
    if (mode.equals("CRD")) {
      return c.call("pixel_shuffle", c.tensor(0), of(b));
    }
    if (!mode.equals("DCR")) {
      throw c.unsupported("mode = " + mode);
    }
    List<Dim> s = c.shape(0);
    Dim channels = s.get(1).floorDiv(b * b);
    Dim block = Dim.of(b);
    Arg split =
        c.reshape(c.tensor(0), List.of(s.get(0), block, block, channels, s.get(2), s.get(3)));
    return c.reshape(
        c.call("permute", split, Arg.ints(0, 3, 4, 1, 5, 2)),
        List.of(s.get(0), channels, s.get(2).times(b), s.get(3).times(b)));
  }

  private static Arg spaceToDepth(OnnxCall c) {
    long b = block(c);
    List<Dim> s = c.shape(0);
    Dim height = s.get(2).floorDiv(b);
    Dim width = s.get(3).floorDiv(b);
    Dim block = Dim.of(b);
    Arg split = c.reshape(c.tensor(0), List.of(s.get(0), s.get(1), height, block, width, block));
    return c.reshape(
        c.call("permute", split, Arg.ints(0, 3, 5, 1, 2, 4)),
        List.of(s.get(0), s.get(1).times(b * b), height, width));
  }
}
