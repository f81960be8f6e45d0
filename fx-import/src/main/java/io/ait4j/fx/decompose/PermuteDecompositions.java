package io.ait4j.fx.decompose;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Transpositions, all as {@code permute}; shuffles as reshape, permute, reshape. */
final class PermuteDecompositions {
  private PermuteDecompositions() {}

  static void addTo(DecompositionTable table) {
    table.add("permute", PermuteDecompositions::permute);
    table.add("transpose.int", r -> swapped(r, r.integer(1), r.integer(2)));
    table.add("t", r -> r.meta(0).rank() < 2 ? r.arg(0) : swapped(r, 0, 1));
    table.add("numpy_T", r -> r.permute(r.arg(0), Rewrite.range(0, r.meta(0).rank()).reversed()));
    table.add("mT matrix_H mH adjoint", PermuteDecompositions::matrixTransposed);
    table.add("movedim.int", r -> moved(r, List.of(r.integer(1)), List.of(r.integer(2))));
    table.add("movedim.intlist", r -> moved(r, r.integers(1), r.integers(2)));
    table.add("pixel_shuffle", PermuteDecompositions::pixelShuffle);
    table.add("pixel_unshuffle", PermuteDecompositions::pixelUnshuffle);
    table.add("channel_shuffle native_channel_shuffle", PermuteDecompositions::channelShuffle);
  }

  private static Arg permute(Rewrite r) {
    int rank = r.meta(0).rank();
    List<Integer> dims = r.integers(1).stream().map(d -> r.axis(d, rank)).toList();
    return dims.equals(Rewrite.range(0, rank))
        ? r.arg(0)
        : r.node("permute", r.arg(0), Rewrite.list(dims));
  }

  private static Arg swapped(Rewrite r, long first, long second) {
    int rank = r.meta(0).rank();
    if (rank == 0) {
      return r.arg(0);
    }
    List<Integer> dims = Rewrite.range(0, rank);
    Collections.swap(dims, r.axis(first, rank), r.axis(second, rank));
    return r.permute(r.arg(0), dims);
  }

  private static Arg matrixTransposed(Rewrite r) {
    return r.meta(0).dtype().isComplex() ? r.keepOne() : swapped(r, -1, -2);
  }

  private static Arg moved(Rewrite r, List<Long> from, List<Long> to) {
    int rank = r.meta(0).rank();
    Integer[] dims = new Integer[rank];
    List<Integer> rest = Rewrite.range(0, rank);
    for (int i = 0; i < from.size(); i++) {
      int source = r.axis(from.get(i), rank);
      dims[r.axis(to.get(i), rank)] = source;
      rest.remove((Integer) source);
    }
    for (int i = 0; i < rank; i++) {
      if (dims[i] == null) {
        dims[i] = rest.removeFirst();
      }
    }
    return r.permute(r.arg(0), List.of(dims));
  }

  /** [..., C*f*f, H, W] to [..., C, H*f, W*f]. */
  private static Arg pixelShuffle(Rewrite r) {
    List<Dim> shape = r.meta(0).shape();
    Dim f = r.dim(1);
    int lead = shape.size() - 3;
    Dim channels = shape.get(lead).floorDiv(f.times(f));
    Dim height = shape.get(lead + 1);
    Dim width = shape.get(lead + 2);
    Arg split = r.reshape(r.arg(0), with(shape, lead, channels, f, f, height, width));
    Arg mixed = r.permute(split, dims(lead, 0, 3, 1, 4, 2));
    return r.reshape(mixed, with(shape, lead, channels, height.times(f), width.times(f)));
  }

  /** [..., C, H*f, W*f] to [..., C*f*f, H, W]. */
  private static Arg pixelUnshuffle(Rewrite r) {
    List<Dim> shape = r.meta(0).shape();
    Dim f = r.dim(1);
    int lead = shape.size() - 3;
    Dim channels = shape.get(lead);
    Dim height = shape.get(lead + 1).floorDiv(f);
    Dim width = shape.get(lead + 2).floorDiv(f);
    Arg split = r.reshape(r.arg(0), with(shape, lead, channels, height, f, width, f));
    Arg mixed = r.permute(split, dims(lead, 0, 2, 4, 1, 3));
    return r.reshape(mixed, with(shape, lead, channels.times(f).times(f), height, width));
  }

  private static Arg channelShuffle(Rewrite r) {
    List<Dim> shape = r.meta(0).shape();
    Dim groups = r.dim(1);
    List<Dim> split = new ArrayList<>(shape);
    split.set(1, shape.get(1).floorDiv(groups));
    split.add(1, groups);
    List<Integer> order = Rewrite.range(0, split.size());
    Collections.swap(order, 1, 2);
    return r.reshape(r.permute(r.reshape(r.arg(0), split), order), shape);
  }

  private static List<Dim> with(List<Dim> shape, int lead, Dim... rest) {
    List<Dim> all = new ArrayList<>(shape.subList(0, lead));
    all.addAll(List.of(rest));
    return all;
  }

  private static List<Integer> dims(int lead, int... rest) {
    List<Integer> all = Rewrite.range(0, lead);
    for (int d : rest) {
      all.add(lead + d);
    }
    return all;
  }
}
