package io.ait4j.fx.decompose;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Repetition: expand a new dimension, then reshape it away. */
final class RepeatDecompositions {
  private RepeatDecompositions() {}

  static void addTo(DecompositionTable table) {
    table.add("repeat", r -> repeat(r, r.arg(0), r.dims(1)));
    table.add("tile", RepeatDecompositions::tile);
    table.add("repeat_interleave.self_int", RepeatDecompositions::interleave);
    table.addMany("broadcast_tensors", RepeatDecompositions::broadcast);
    table.addMany("meshgrid", r -> meshgrid(r, "ij"));
    table.addMany("meshgrid.indexing", r -> meshgrid(r, r.text(1)));
  }

  private static Arg repeat(Rewrite r, Arg x, List<Dim> times) {
    List<Dim> own = new ArrayList<>(r.meta(x).shape());
    while (own.size() < times.size()) {
      own.addFirst(Dim.ONE);
    }
    List<Dim> split = new ArrayList<>();
    List<Dim> wide = new ArrayList<>();
    List<Dim> merged = new ArrayList<>();
    for (int i = 0; i < own.size(); i++) {
      if (!times.get(i).is(1)) {
        split.add(Dim.ONE);
        wide.add(times.get(i));
      }
      split.add(own.get(i));
      wide.add(own.get(i));
      merged.add(own.get(i).times(times.get(i)));
    }
    return r.reshape(r.expand(r.reshape(x, split), wide), merged);
  }

  private static Arg tile(Rewrite r) {
    List<Dim> times = new ArrayList<>(r.dims(1));
    while (times.size() < r.meta(0).rank()) {
      times.addFirst(Dim.ONE);
    }
    return repeat(r, r.arg(0), times);
  }

  private static Arg interleave(Rewrite r) {
    Arg x = r.has(2) ? r.arg(0) : r.reshape(r.arg(0), List.of(r.meta(0).numel()));
    List<Dim> shape = new ArrayList<>(r.meta(x).shape());
    int axis = r.has(2) ? r.axis(r.integer(2), shape.size()) : 0;
    List<Dim> wide = new ArrayList<>(shape);
    wide.add(axis + 1, r.dim(1));
    shape.set(axis, shape.get(axis).times(r.dim(1)));
    return r.reshape(r.expand(r.unsqueeze(x, axis + 1), wide), shape);
  }

  private static List<Arg> broadcast(Rewrite r) {
    return broadcast(r, r.elements(0));
  }

  /** All of these in the shape that they broadcast to. */
  static List<Arg> broadcast(Rewrite r, List<Arg> tensors) {
    List<Dim> shape = new ArrayList<>();
    for (Arg x : tensors) {
      List<Dim> own = r.meta(x).shape();
      while (shape.size() < own.size()) {
        shape.addFirst(Dim.ONE);
      }
      int offset = shape.size() - own.size();
      for (int i = 0; i < own.size(); i++) {
        if (shape.get(offset + i).is(1)) {
          shape.set(offset + i, own.get(i));
        }
      }
    }
    return tensors.stream().map(x -> r.expand(x, shape)).toList();
  }

  private static List<Arg> meshgrid(Rewrite r, String indexing) {
    List<Arg> axes = new ArrayList<>(r.elements(0));
    boolean swap = indexing.equals("xy") && axes.size() >= 2;
    if (swap) {
      Collections.swap(axes, 0, 1);
    }
    List<Dim> shape = axes.stream().map(a -> r.meta(a).numel()).toList();
    List<Arg> grids = new ArrayList<>();
    for (int i = 0; i < axes.size(); i++) {
      List<Dim> own = new ArrayList<>(Collections.nCopies(axes.size(), Dim.ONE));
      own.set(i, shape.get(i));
      grids.add(r.expand(r.reshape(axes.get(i), own), shape));
    }
    if (swap) {
      Collections.swap(grids, 0, 1);
    }
    return grids;
  }
}
