package io.ait4j.fx.onnx;

import static io.ait4j.fx.Arg.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;

/** Poolings over windows and over everything. */
final class PoolingOperators {
  private PoolingOperators() {}

  static void addTo(OperatorTable table) {
    table.add("MaxPool", PoolingOperators::maximum);
    table.add("AveragePool", PoolingOperators::average);
    table.add("GlobalAveragePool", c -> c.call("mean.dim", c.tensor(0), spatialAxes(c), of(true)));
    table.add("GlobalMaxPool", c -> c.call("amax", c.tensor(0), spatialAxes(c), of(true)));
  }

  private static Arg spatialAxes(OnnxCall c) {
    List<Long> axes = new ArrayList<>();
    for (long axis = 2; axis < c.rank(0); axis++) {
      axes.add(axis);
    }
    return OnnxCall.list(axes);
  }

  private static Windows windows(OnnxCall c) {
    return Windows.of(
        c,
        c.attributes()
            .integers("kernel_shape")
            .orElseThrow(() -> c.error("attribute 'kernel_shape' is missing")));
  }

  /** ATen pads by no more than half a window. */
  private static boolean fits(Windows windows) {
    if (!windows.isSymmetric()) {
      return false;
    }
    for (int i = 0; i < windows.spatial(); i++) {
      if (2 * windows.padding().get(i) > windows.kernel().get(i)) {
        return false;
      }
    }
    return true;
  }

  private static void checkType(OnnxCall c) {
    if (!c.dtype(0).isFloating()) {
      throw c.unsupported("type " + c.dtype(0).torchName());
    }
  }

  private static Arg maximum(OnnxCall c) {
    checkType(c);
    if (c.attributes().integer("storage_order", 0) != 0) {
      throw c.unsupported("storage_order = 1");
    }
    boolean ceil = c.attributes().flag("ceil_mode", false);
    Windows asked = windows(c);
    Windows windows = asked;
    Arg x = c.tensor(0);
    if (!fits(windows)) {
      x = windows.padded(c, x, of(Double.NEGATIVE_INFINITY));
      windows = windows.withoutPadding();
    }
    Arg[] args = {
      x,
      OnnxCall.list(windows.kernel()),
      OnnxCall.list(windows.strides()),
      OnnxCall.list(windows.padding()),
      OnnxCall.list(windows.dilations()),
      of(ceil)
    };
    return beginningInside(c, asked, ceil, pooled(c, "max_pool", windows, ceil, x, args));
  }

  private static Arg average(OnnxCall c) {
    checkType(c);
    boolean ceil = c.attributes().flag("ceil_mode", false);
    boolean countPadding = c.attributes().flag("count_include_pad", false);
    Windows windows = windows(c);
    if (windows.dilations().stream().anyMatch(d -> d != 1)) {
      throw c.unsupported("dilations = " + windows.dilations());
    }
    if (fits(windows)) {
      return averaged(c, windows, c.tensor(0), ceil, countPadding, Arg.NONE);
    }
    Arg x = windows.padded(c, c.tensor(0), of(0));
    Windows bare = windows.withoutPadding();
    if (countPadding) {
      return beginningInside(c, windows, ceil, averaged(c, bare, x, ceil, true, Arg.NONE));
    }
    Arg ones = c.call("full", Arg.ofDims(c.shape(0)), of(1.0), new Arg.Type(c.dtype(0)));
    Arg counts = averaged(c, bare, windows.padded(c, ones, of(0)), ceil, true, of(1));
    Arg means = c.call("div.Tensor", averaged(c, bare, x, ceil, true, of(1)), counts);
    return beginningInside(c, windows, ceil, means);
  }

  private static Arg averaged(
      OnnxCall c, Windows windows, Arg x, boolean ceil, boolean countPadding, Arg divisor) {
    List<Arg> args =
        new ArrayList<>(
            List.of(
                x,
                OnnxCall.list(windows.kernel()),
                OnnxCall.list(windows.strides()),
                OnnxCall.list(windows.padding()),
                of(ceil),
                of(countPadding)));
    if (windows.spatial() > 1) {
      args.add(divisor);
    } else if (divisor instanceof Arg.Int) {
      throw c.unsupported("padding of " + windows.begin() + " and " + windows.end());
    }
    return pooled(c, "avg_pool", windows, ceil, x, args.toArray(Arg[]::new));
  }

  /** Without windows that begin in padding at the end, which looks like input once it is in it. */
  private static Arg beginningInside(OnnxCall c, Windows windows, boolean ceil, Arg result) {
    Arg cut = result;
    for (int i = 0; i < windows.spatial(); i++) {
      Dim size = windows.result(i, c.shape(0).get(i + 2), ceil);
      if (!c.meta(cut).shape().get(i + 2).equals(size)) {
        cut = c.call("slice.Tensor", cut, of(i + 2), of(0), Arg.of(size), of(1));
      }
    }
    return cut;
  }

  private static Arg pooled(
      OnnxCall c, String name, Windows windows, boolean ceil, Arg x, Arg[] args) {
    if (windows.spatial() < 3) {
      return c.call(name + windows.spatial() + "d", args);
    }
    if (windows.spatial() > 3) {
      throw c.unsupported("pooling over " + windows.spatial() + " dimensions");
    }
    TensorMeta meta = c.meta(x);
    List<Dim> shape = new ArrayList<>(meta.shape().subList(0, 2));
    for (int i = 0; i < 3; i++) {
      shape.add(windows.result(i, meta.shape().get(i + 2), ceil));
    }
    DType dtype = meta.dtype();
    return c.typed(name + "3d", List.of(TensorMeta.contiguous(dtype, shape)), args).getFirst();
  }
}
