package io.ait4j.fx.decompose;

import static io.ait4j.fx.Arg.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;

/** Tensors put together, all as {@code cat}; padding. */
final class JoinDecompositions {
  private JoinDecompositions() {}

  static void addTo(DecompositionTable table) {
    table.add("cat", JoinDecompositions::cat);
    table.add("stack", r -> stack(r, r.integer(1)));
    table.add("hstack", r -> joined(r, "atleast_1d", 1));
    table.add("vstack", r -> joined(r, "atleast_2d", 0));
    table.add("dstack", r -> joined(r, "atleast_3d", 2));
    table.add("column_stack", JoinDecompositions::columns);
    table.add("pad", JoinDecompositions::pad);
    table.add("constant_pad_nd", JoinDecompositions::constantPad);
  }

  private static Arg cat(Rewrite r) {
    List<Arg> parts = r.elements(0);
    if (parts.size() == 1) {
      return parts.getFirst();
    }
    int rank = parts.stream().mapToInt(p -> r.meta(p).rank()).max().orElse(0);
    return r.node("cat", r.arg(0), of(r.axis(r.integer(1), rank)));
  }

  private static Arg stack(Rewrite r, long dim) {
    List<Arg> parts = new ArrayList<>();
    for (Arg part : r.elements(0)) {
      parts.add(r.unsqueeze(part, r.axis(dim, r.meta(part).rank() + 1)));
    }
    int rank = r.meta(parts.getFirst()).rank();
    return r.call("cat", new Arg.Sequence(parts), of(r.axis(dim, rank)));
  }

  private static Arg joined(Rewrite r, String atLeast, int dim) {
    List<Arg> parts = new ArrayList<>();
    for (Arg part : r.elements(0)) {
      parts.add(r.call(atLeast, part));
    }
    int rank = r.meta(parts.getFirst()).rank();
    return r.call("cat", new Arg.Sequence(parts), of(Math.min(dim, rank - 1)));
  }

  private static Arg columns(Rewrite r) {
    List<Arg> parts = new ArrayList<>();
    for (Arg part : r.elements(0)) {
      TensorMeta meta = r.meta(part);
      parts.add(meta.rank() < 2 ? r.reshape(part, List.of(meta.numel(), Dim.ONE)) : part);
    }
    return r.call("cat", new Arg.Sequence(parts), of(1));
  }

  private static Arg pad(Rewrite r) {
    String mode = r.text(2);
    if (mode.equals("constant")) {
      return r.call("constant_pad_nd", r.arg(0), r.arg(1), r.has(3) ? r.arg(3) : of(0));
    }
    if (mode.equals("circular")) {
      return circular(r);
    }
    int spatial = r.integers(1).size() / 2;
    String name = mode.equals("reflect") ? "reflection_pad" : "replication_pad";
    return r.call(name + spatial + "d", r.arg(0), r.arg(1));
  }

  private static Arg circular(Rewrite r) {
    Arg x = r.arg(0);
    List<Long> pad = r.integers(1);
    for (int i = 0; i < pad.size() / 2; i++) {
      int axis = r.meta(0).rank() - 1 - i;
      Dim size = r.meta(x).shape().get(axis);
      long left = pad.get(2 * i);
      long right = pad.get(2 * i + 1);
      if (left < 0 || right < 0 || Math.max(left, right) > size.min()) {
        return r.keepOne();
      }
      List<Arg> parts = new ArrayList<>();
      if (left > 0) {
        parts.add(r.slice(x, axis, size.minus(left), size));
      }
      parts.add(x);
      if (right > 0) {
        parts.add(r.slice(x, axis, Dim.ZERO, Dim.of(right)));
      }
      x = r.call("cat", new Arg.Sequence(parts), of(axis));
    }
    return x;
  }

  private static Arg constantPad(Rewrite r) {
    boolean nothing = r.dims(1).stream().allMatch(p -> p.is(0));
    return nothing ? r.arg(0) : r.keepOne();
  }
}
