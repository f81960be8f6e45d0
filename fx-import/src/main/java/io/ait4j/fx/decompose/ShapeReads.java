package io.ait4j.fx.decompose;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import java.util.List;

/** Questions about a tensor's shape, answered here. */
final class ShapeReads {
  private ShapeReads() {}

  static void addTo(DecompositionTable table) {
    table.add("sym_size.int size.int", r -> at(r, r.meta(0).shape()));
    table.add("sym_stride.int stride.int", r -> at(r, r.meta(0).strides()));
    table.add("sym_numel numel", r -> Arg.of(r.meta(0).numel()));
    table.add("dim", r -> Arg.of(r.meta(0).rank()));
    table.addMany(
        "_assert_tensor_metadata sym_constrain_range sym_constrain_range_for_size _assert_scalar",
        r -> List.of());
  }

  private static Arg at(Rewrite r, List<Dim> dims) {
    if (dims.isEmpty()) {
      throw r.error("a tensor of rank 0 has no dimension " + r.integer(1));
    }
    return Arg.of(dims.get(r.axis(r.integer(1), dims.size())));
  }
}
