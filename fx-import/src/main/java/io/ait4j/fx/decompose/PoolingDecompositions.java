package io.ait4j.fx.decompose;

import static io.ait4j.fx.Arg.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.List;

/** Pooling over two or three dimensions; over all of them it is a mean. */
final class PoolingDecompositions {
  private PoolingDecompositions() {}

  static void addTo(DecompositionTable table) {
    table.add("adaptive_avg_pool2d _adaptive_avg_pool2d", r -> adaptive(r, 2));
    table.add("adaptive_avg_pool3d _adaptive_avg_pool3d", r -> adaptive(r, 3));
    table.add("adaptive_avg_pool1d", PoolingDecompositions::adaptive1d);
    table.add("avg_pool1d", PoolingDecompositions::average1d);
    table.add("max_pool1d", PoolingDecompositions::maximum1d);
    table.addMany("max_pool2d_with_indices", r -> withIndices(r, 2));
    table.addMany("max_pool3d_with_indices", r -> withIndices(r, 3));
    table.addMany("adaptive_max_pool2d", r -> adaptiveMaximum(r, 2));
    table.addMany("adaptive_max_pool3d", r -> adaptiveMaximum(r, 3));
  }

  private static Arg adaptive(Rewrite r, int spatial) {
    List<Dim> wanted = r.dims(1);
    int rank = r.meta(0).rank();
    List<Dim> own = r.meta(0).shape().subList(rank - spatial, rank);
    if (wanted.equals(own)) {
      return r.arg(0);
    }
    if (wanted.stream().allMatch(d -> d.is(1))) {
      return r.call(
          "mean.dim", r.arg(0), Rewrite.list(Rewrite.range(rank - spatial, rank)), of(true));
    }
    return divides(own, wanted)
        ? r.call("avg_pool" + spatial + "d", r.arg(0), Arg.ofDims(quotients(own, wanted)))
        : r.node("_adaptive_avg_pool" + spatial + "d", r.arg(0), r.arg(1));
  }

  private static boolean divides(List<Dim> own, List<Dim> wanted) {
    for (int i = 0; i < own.size(); i++) {
      if (wanted.get(i).is(0) || own.get(i).is(0) || !own.get(i).mod(wanted.get(i)).is(0)) {
        return false;
      }
    }
    return true;
  }

  private static List<Dim> quotients(List<Dim> own, List<Dim> wanted) {
    List<Dim> result = new ArrayList<>();
    for (int i = 0; i < own.size(); i++) {
      result.add(own.get(i).floorDiv(wanted.get(i)));
    }
    return result;
  }

  /** Runs a pooling over [1, L] by the one over [H, W]. */
  private static Arg flatly(Rewrite r, String name, List<Arg> rest) {
    List<Arg> args = new ArrayList<>();
    args.add(r.unsqueeze(r.arg(0), -2));
    args.addAll(rest);
    return r.call("squeeze.dim", r.call(name, args.toArray(Arg[]::new)), of(-2));
  }

  private static Arg pair(Rewrite r, int i, long first) {
    List<Long> values = r.integers(i);
    return values.isEmpty() ? Arg.ints() : Arg.ints(first, values.getFirst());
  }

  private static Arg adaptive1d(Rewrite r) {
    return flatly(r, "adaptive_avg_pool2d", List.of(pair(r, 1, 1)));
  }

  private static Arg average1d(Rewrite r) {
    return flatly(
        r, "avg_pool2d", List.of(pair(r, 1, 1), pair(r, 2, 1), pair(r, 3, 0), r.arg(4), r.arg(5)));
  }

  private static Arg maximum1d(Rewrite r) {
    return flatly(
        r,
        "max_pool2d",
        List.of(pair(r, 1, 1), pair(r, 2, 1), pair(r, 3, 0), pair(r, 4, 1), r.arg(5)));
  }

  /** The maxima alone, where nobody asks for their places. */
  private static List<Arg> withIndices(Rewrite r, int spatial) {
    List<Arg> results = new ArrayList<>(r.keep());
    results.set(0, r.call("max_pool" + spatial + "d", r.args().toArray(Arg[]::new)));
    return results;
  }

  private static List<Arg> adaptiveMaximum(Rewrite r, int spatial) {
    List<Arg> results = new ArrayList<>(r.keep());
    int rank = r.meta(0).rank();
    List<Dim> own = r.meta(0).shape().subList(rank - spatial, rank);
    List<Dim> wanted = r.dims(1);
    if (divides(own, wanted)) {
      Arg windows = Arg.ofDims(quotients(own, wanted));
      results.set(0, r.call("max_pool" + spatial + "d", r.arg(0), windows));
    }
    return results;
  }
}
