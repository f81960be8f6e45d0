package io.ait4j.fx.decompose;

import static io.ait4j.fx.Arg.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;

/** The windows of an image as columns. */
final class WindowDecompositions {
  private WindowDecompositions() {}

  static void addTo(DecompositionTable table) {
    table.add("im2col", WindowDecompositions::columns);
  }

  private static Arg columns(Rewrite r) {
    TensorMeta self = r.meta(0);
    boolean batched = self.rank() == 4;
    Arg image = batched ? r.arg(0) : r.unsqueeze(r.arg(0), 0);
    Arg padded =
        r.call(
            "constant_pad_nd", image, Arg.ints(at(r, 3, 1), at(r, 3, 1), at(r, 3, 0), at(r, 3, 0)));
    Dim high = count(r, padded, 0);
    Dim wide = count(r, padded, 1);
    Arg rows = windows(r, padded, 0, high);
    Arg all = windows(r, rows, 1, wide);
    Dim batch = r.meta(image).shape().get(0);
    Dim channels = r.meta(image).shape().get(1);
    Dim kernelHigh = Dim.of(at(r, 1, 0));
    Dim kernelWide = Dim.of(at(r, 1, 1));
    Arg split = r.reshape(all, List.of(batch, channels, high, kernelHigh, wide, kernelWide));
    Arg sorted = r.permute(split, List.of(0, 1, 3, 5, 2, 4));
    List<Dim> shape = new ArrayList<>();
    if (batched) {
      shape.add(batch);
    }
    shape.add(channels.times(kernelHigh).times(kernelWide));
    shape.add(high.times(wide));
    return r.reshape(sorted, shape);
  }

  private static long at(Rewrite r, int arg, int i) {
    List<Long> values = r.integers(arg);
    return values.get(values.size() == 1 ? 0 : i);
  }

  private static Dim count(Rewrite r, Arg image, int i) {
    long reach = (at(r, 1, i) - 1) * at(r, 2, i) + 1;
    return r.meta(image).shape().get(2 + i).minus(reach).floorDiv(at(r, 4, i)).plus(1);
  }

  /** Rows (or columns) of each window one after the other. */
  private static Arg windows(Rewrite r, Arg image, int i, Dim count) {
    Arg starts = r.call("mul.Tensor", ConstructorDecompositions.arange(r, count), of(at(r, 4, i)));
    Dim kernel = Dim.of(at(r, 1, i));
    Arg steps = r.call("mul.Tensor", ConstructorDecompositions.arange(r, kernel), of(at(r, 2, i)));
    Arg places = r.call("add.Tensor", r.unsqueeze(starts, 1), steps);
    Arg flat = r.reshape(places, List.of(count.times(kernel)));
    return r.call("index_select", image, of(2 + i), flat);
  }
}
