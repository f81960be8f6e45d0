package io.ait4j.fx.decompose;

import static io.ait4j.fx.Arg.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.List;

/** Pooling over two dimensions; over all of them it is a mean. */
final class PoolingDecompositions {
  private PoolingDecompositions() {}

  static void addTo(DecompositionTable table) {
    table.add("adaptive_avg_pool2d _adaptive_avg_pool2d", r -> adaptive(r, 2));
    table.add("adaptive_avg_pool3d _adaptive_avg_pool3d", r -> adaptive(r, 3));
    table.add("adaptive_avg_pool1d", PoolingDecompositions::adaptive1d);
    table.add("avg_pool1d", PoolingDecompositions::average1d);
    table.add("max_pool1d", PoolingDecompositions::maximum1d);
    table.addMany("max_pool2d_with_indices", PoolingDecompositions::withIndices);
    table.addMany("adaptive_max_pool2d", PoolingDecompositions::adaptiveMaximum);
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
    return spatial == 2 && divides(own, wanted)
        ? r.call("avg_pool2d", r.arg(0), Arg.ofDims(quotients(own, wanted)))
        : spatial == 2 ? r.node("_adaptive_avg_pool2d", r.arg(0), r.arg(1)) : r.keepOne();
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

  private static List<Arg> withIndices(Rewrite r) {
    List<Arg> results = new ArrayList<>(r.keep());
    results.set(0, r.call("max_pool2d", r.args().toArray(Arg[]::new)));
    return results;
  }

  private static List<Arg> adaptiveMaximum(Rewrite r) {
    List<Arg> results = new ArrayList<>(r.keep());
    int rank = r.meta(0).rank();
    List<Dim> own = r.meta(0).shape().subList(rank - 2, rank);
    if (divides(own, r.dims(1))) {
      results.set(0, r.call("max_pool2d", r.arg(0), Arg.ofDims(quotients(own, r.dims(1)))));
    }
    return results;
  }
}
