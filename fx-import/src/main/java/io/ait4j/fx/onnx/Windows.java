package io.ait4j.fx.onnx;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How convolutions and poolings move over the spatial dimensions; one element a dimension in each
 * list.
 *
 * @param begin padding before each dimension, {@code end} after it
 */
record Windows(
    List<Long> kernel, List<Long> strides, List<Long> dilations, List<Dim> begin, List<Dim> end) {

  /**
   * Reads the attributes of a node whose first input has two dimensions before the spatial ones.
   *
   * @param kernel the windows' sizes
   */
  static Windows of(OnnxCall c, List<Long> kernel) {
    int spatial = c.rank(0) - 2;
    if (spatial < 1 || kernel.size() != spatial) {
      throw c.error(
          "windows of %d dimensions over an input of rank %d".formatted(kernel.size(), c.rank(0)));
    }
    List<Long> strides = list(c, "strides", 1, spatial);
    List<Long> dilations = list(c, "dilations", 1, spatial);
    List<Dim> begin = new ArrayList<>();
    List<Dim> end = new ArrayList<>();
    String auto = c.attributes().text("auto_pad", "NOTSET");
    List<Long> pads = list(c, "pads", 0, 2 * spatial);
    for (int i = 0; i < spatial; i++) {
      if (kernel.get(i) < 1 || strides.get(i) < 1 || dilations.get(i) < 1) {
        throw c.error(
            "kernel %s, strides %s and dilations %s have to be positive"
                .formatted(kernel, strides, dilations));
      }
      switch (auto) {
        case "NOTSET" -> {
          begin.add(Dim.of(pads.get(i)));
          end.add(Dim.of(pads.get(i + spatial)));
        }
        case "VALID" -> {
          begin.add(Dim.ZERO);
          end.add(Dim.ZERO);
        }
        case "SAME_UPPER", "SAME_LOWER" -> {
          Dim total = same(c.shape(0).get(i + 2), kernel.get(i), strides.get(i), dilations.get(i));
          Dim less = total.floorDiv(2);
          Dim more = total.minus(less);
          begin.add(auto.equals("SAME_UPPER") ? less : more);
          end.add(auto.equals("SAME_UPPER") ? more : less);
        }
        default -> throw c.unsupported("auto_pad = " + auto);
      }
    }
    return new Windows(kernel, strides, dilations, begin, end);
  }

  /** What has to be padded for one output in each stride of the input. */
  private static Dim same(Dim size, long kernel, long stride, long dilation) {
    long reach = (kernel - 1) * dilation + 1;
    return size.ceilDiv(Dim.of(stride))
        .minus(1)
        .times(stride)
        .plus(reach)
        .minus(size)
        .max(Dim.ZERO);
  }

  private static List<Long> list(OnnxCall c, String name, long otherwise, int length) {
    List<Long> values =
        c.attributes().integers(name).orElse(Collections.nCopies(length, otherwise));
    if (values.size() != length) {
      throw c.error("%s has %d elements, not %d".formatted(name, values.size(), length));
    }
    return values;
  }

  int spatial() {
    return kernel.size();
  }

  /**
   * Whether both ends of each dimension are padded by one constant, as ATen's operators take it.
   */
  boolean isSymmetric() {
    return begin.equals(end) && begin.stream().allMatch(d -> d.isConst() && d.value() >= 0);
  }

  /** The padding of a symmetric one. */
  List<Long> padding() {
    return begin.stream().map(Dim::value).toList();
  }

  /** The input with the padding in it. */
  Arg padded(OnnxCall c, Arg x, Arg value) {
    List<Dim> amounts = new ArrayList<>();
    for (int i = spatial() - 1; i >= 0; i--) {
      amounts.add(begin.get(i));
      amounts.add(end.get(i));
    }
    return c.call("constant_pad_nd", x, Arg.ofDims(amounts), value);
  }

  Windows withoutPadding() {
    List<Dim> none = Collections.nCopies(spatial(), Dim.ZERO);
    return new Windows(kernel, strides, dilations, none, none);
  }

  /** Size of the result along spatial dimension {@code i} of an input that has {@code size}. */
  Dim result(int i, Dim size, boolean ceil) {
    long stride = strides.get(i);
    Dim room =
        size.plus(begin.get(i)).plus(end.get(i)).minus((kernel.get(i) - 1) * dilations.get(i) + 1);
    if (!ceil) {
      return room.floorDiv(stride).plus(1);
    }
    Dim windows = room.plus(stride - 1).floorDiv(stride).plus(1);
    // the last window has to begin in the input or the padding before it
    Dim inside = size.plus(begin.get(i)).minus(1).floorDiv(stride).plus(1);
    return windows.min(inside);
  }
}
