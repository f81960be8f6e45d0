package io.ait4j.fx.decompose;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;

/** Pooling over three dimensions: over the last two, then over the first. */
final class VolumeDecompositions {
  private VolumeDecompositions() {}

  static void addTo(DecompositionTable table) {
    table.add("max_pool3d", r -> maximum(r));
    table.addMany("max_pool3d_with_indices", VolumeDecompositions::withIndices);
    table.add("avg_pool3d", VolumeDecompositions::average);
  }

  private static Arg maximum(Rewrite r) {
    int[] lists = {1, 2, 3, 4};
    return separately(r, r.arg(0), "max_pool2d", lists, List.of(r.arg(5)));
  }

  private static List<Arg> withIndices(Rewrite r) {
    List<Arg> results = new ArrayList<>(r.keep());
    results.set(0, maximum(r));
    return results;
  }

  /** The number of elements averaged is a product over the dimensions, unless it is given. */
  private static Arg average(Rewrite r) {
    if (r.has(6)) {
      return r.keepOne();
    }
    Arg x = TypeSteps.accumulating(r, r.arg(0));
    int[] lists = {1, 2, 3};
    Arg result = separately(r, x, "avg_pool2d", lists, List.of(r.arg(4), r.arg(5)));
    return r.cast(result, r.meta(0).dtype());
  }

  private static Arg separately(Rewrite r, Arg x, String pool, int[] lists, List<Arg> flags) {
    TensorMeta meta = r.meta(x);
    int rank = meta.rank();
    if (rank != 4 && rank != 5) {
      throw r.error("the input has shape " + meta.shape() + ", not [N, C, D, H, W]");
    }
    List<Dim> batch = meta.shape().subList(0, rank - 3);
    Dim count = Dim.product(batch);
    List<Dim> size = meta.shape().subList(rank - 3, rank);
    Arg planes = r.reshape(x, List.of(count, size.get(0), size.get(1), size.get(2)));
    Arg flat = pooled(r, planes, pool, lists, flags, 1, 2);
    List<Dim> plane = r.meta(flat).shape();
    Arg columns =
        r.reshape(flat, List.of(count, Dim.ONE, size.get(0), plane.get(2).times(plane.get(3))));
    Arg deep = pooled(r, columns, pool, lists, flags, 0, -1);
    List<Dim> shape = new ArrayList<>(batch);
    shape.add(r.meta(deep).shape().get(2));
    shape.addAll(plane.subList(2, 4));
    return r.reshape(deep, shape);
  }

  /** Over two of the three dimensions' windows; -1 is a window of one. */
  private static Arg pooled(
      Rewrite r, Arg x, String pool, int[] lists, List<Arg> flags, int first, int second) {
    List<Arg> args = new ArrayList<>();
    args.add(x);
    for (int list : lists) {
      List<Long> values = r.integers(list);
      // A missing stride is the window's.
      List<Long> given = values.isEmpty() ? r.integers(1) : values;
      long alone = list == 3 ? 0 : 1;
      args.add(Arg.ints(at(given, first), second < 0 ? alone : at(given, second)));
    }
    args.addAll(flags);
    return r.call(pool, args.toArray(Arg[]::new));
  }

  private static long at(List<Long> values, int i) {
    return values.get(values.size() == 1 ? 0 : i);
  }
}
