package io.ait4j.fx.onnx;

import static io.ait4j.fx.Arg.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Convolutions and transposed convolutions over one to three dimensions. */
final class ConvolutionOperators {
  private ConvolutionOperators() {}

  static void addTo(OperatorTable table) {
    table.add("Conv", ConvolutionOperators::forward);
    table.add("ConvTranspose", ConvolutionOperators::transposed);
  }

  private static List<Long> kernel(OnnxCall c) {
    if (c.rank(1) != c.rank(0)) {
      throw c.error("input and weight have ranks %d and %d".formatted(c.rank(0), c.rank(1)));
    }
    List<Long> own =
        c.shape(1).subList(2, c.rank(1)).stream()
            .map(
                d ->
                    d.constant()
                        .orElseThrow(() -> c.error("the weight's size " + d + " is no constant")))
            .toList();
    List<Long> named = c.attributes().integers("kernel_shape").orElse(own);
    if (!named.equals(own)) {
      throw c.error("kernel_shape is %s, but the weight has %s".formatted(named, own));
    }
    return own;
  }

  private static Arg forward(OnnxCall c) {
    Windows windows = Windows.of(c, kernel(c));
    Arg x = c.tensor(0);
    if (!windows.isSymmetric()) {
      x = windows.padded(c, x, of(0));
      windows = windows.withoutPadding();
    }
    return c.call(
        "convolution",
        x,
        c.tensor(1),
        c.optional(2),
        OnnxCall.list(windows.strides()),
        OnnxCall.list(windows.padding()),
        OnnxCall.list(windows.dilations()),
        of(false),
        OnnxCall.list(Collections.nCopies(windows.spatial(), 0L)),
        of(c.attributes().integer("group", 1)));
  }

  /** ATen crops both ends alike; what is left at one end is sliced off. */
  private static Arg transposed(OnnxCall c) {
    Windows windows = Windows.of(c, kernel(c));
    int spatial = windows.spatial();
    List<Long> extra =
        c.attributes().integers("output_padding").orElse(Collections.nCopies(spatial, 0L));
    if (extra.size() != spatial) {
      throw c.error("output_padding has %d elements, not %d".formatted(extra.size(), spatial));
    }
    List<Long> padding = new ArrayList<>();
    List<Dim> begin = new ArrayList<>();
    List<Dim> end = new ArrayList<>();
    for (int i = 0; i < spatial; i++) {
      Dim[] crop = crop(c, windows, extra, i);
      Dim both = crop[0].min(crop[1]);
      padding.add(both.isConst() && both.value() > 0 ? both.value() : 0L);
      begin.add(crop[0].minus(padding.getLast()));
      end.add(crop[1].minus(padding.getLast()));
    }
    Arg result =
        c.call(
            "convolution",
            c.tensor(0),
            c.tensor(1),
            c.optional(2),
            OnnxCall.list(windows.strides()),
            OnnxCall.list(padding),
            OnnxCall.list(windows.dilations()),
            of(true),
            OnnxCall.list(extra),
            of(c.attributes().integer("group", 1)));
    for (int i = 0; i < spatial; i++) {
      if (begin.get(i).min() < 0 || end.get(i).min() < 0) {
        throw c.unsupported("negative padding");
      }
      if (!begin.get(i).is(0) || !end.get(i).is(0)) {
        Dim size = c.meta(result).shape().get(i + 2);
        result =
            c.call(
                "slice.Tensor",
                result,
                of(i + 2),
                Arg.of(begin.get(i)),
                Arg.of(size.minus(end.get(i))),
                of(1));
      }
    }
    return result;
  }

  /** What the result loses at both ends of a dimension: the pads, or what output_shape leaves. */
  private static Dim[] crop(OnnxCall c, Windows windows, List<Long> extra, int i) {
    String auto = c.attributes().text("auto_pad", "NOTSET");
    List<Long> shape = c.attributes().integers("output_shape").orElse(List.of());
    boolean same = auto.startsWith("SAME");
    if (shape.isEmpty() && !same) {
      return new Dim[] {windows.begin().get(i), windows.end().get(i)};
    }
    long stride = windows.strides().get(i);
    Dim size = c.shape(0).get(i + 2);
    long reach = (windows.kernel().get(i) - 1) * windows.dilations().get(i) + 1;
    Dim wanted =
        shape.isEmpty()
            ? size.times(stride)
            : Dim.of(shape.get(shape.size() - windows.spatial() + i));
    Dim total = size.minus(1).times(stride).plus(extra.get(i)).plus(reach).minus(wanted);
    Dim half = total.floorDiv(2);
    return auto.equals("SAME_UPPER")
        ? new Dim[] {half, total.minus(half)}
        : new Dim[] {total.minus(half), half};
  }
}
