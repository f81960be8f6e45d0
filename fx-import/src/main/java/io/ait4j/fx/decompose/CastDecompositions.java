package io.ait4j.fx.decompose;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.ValueMeta;
import io.ait4j.fx.rules.ShapeRules;
import java.util.List;
import java.util.Optional;

/** Changes of dtype, device and layout: {@code _to_copy} where something changes, else nothing. */
final class CastDecompositions {
  private CastDecompositions() {}

  static void addTo(DecompositionTable table) {
    table.add("to.dtype", r -> converted(r, r.dtype(1), r.arg(3), r.arg(4)));
    table.add("to.dtype_layout", r -> converted(r, r.dtype(1), r.arg(6), r.arg(7)));
    table.add("to.device", r -> converted(r, r.dtype(2), r.arg(4), r.arg(5)));
    table.add("to.other", r -> converted(r, Optional.of(r.meta(1).dtype()), r.arg(3), r.arg(4)));
    table.add("to.prim_Device", r -> converted(r, r.dtype(2), r.arg(4), Arg.NONE));
    table.add("to.prim_dtype", r -> converted(r, r.dtype(1), r.arg(3), Arg.NONE));
    table.add("to.prim_other", r -> r.arg(0));
    table.add("type_as", r -> r.cast(r.arg(0), r.meta(1).dtype()));
    table.add("_to_copy", r -> copied(r, r.dtype(1), r.arg(6)));
    table.add("contiguous clone", r -> copied(r, Optional.empty(), r.arg(1)));
    cast(table, "_cast_Float", DType.FLOAT32);
    cast(table, "_cast_Double", DType.FLOAT64);
    cast(table, "_cast_Half", DType.FLOAT16);
    cast(table, "_cast_Int", DType.INT32);
    cast(table, "_cast_Long", DType.INT64);
  }

  private static void cast(DecompositionTable table, String name, DType dtype) {
    table.add(name, r -> r.cast(r.arg(0), dtype));
  }

  /** {@code to} hands its argument on where nothing is to change, gaps in its memory included. */
  private static Arg converted(Rewrite r, Optional<DType> wanted, Arg copy, Arg format) {
    boolean keepsLayout =
        format instanceof Arg.None || format.equals(new Arg.MemoryFormat("preserve_format"));
    boolean same = wanted.isEmpty() || wanted.get() == r.meta(0).dtype();
    return same && keepsLayout && copy.equals(new Arg.Bool(false))
        ? r.arg(0)
        : copied(r, wanted, format);
  }

  private static Arg copied(Rewrite r, Optional<DType> wanted, Arg format) {
    TensorMeta self = r.meta(0);
    DType dtype = wanted.orElse(self.dtype());
    TensorMeta result = cloned(r, format).withDtype(dtype);
    if (result.equals(self) || dtype == self.dtype() && sameInMemory(self, result)) {
      return r.arg(0);
    }
    return dtype == self.dtype()
        ? r.node("clone", r.arg(0), format)
        : r.node(
            "_to_copy",
            r.arg(0),
            new Arg.Type(dtype),
            Arg.NONE,
            Arg.NONE,
            Arg.NONE,
            new Arg.Bool(false),
            format);
  }

  private static TensorMeta cloned(Rewrite r, Arg format) {
    List<ValueMeta> types =
        ShapeRules.infer(OpTarget.parse("aten::clone"), List.of(r.arg(0), format), r.b()::metaOf)
            .orElseThrow();
    return (TensorMeta) types.getFirst();
  }

  /** The strides of a dimension of size 1 do not matter. */
  private static boolean sameInMemory(TensorMeta a, TensorMeta b) {
    for (int i = 0; i < a.rank(); i++) {
      if (!a.shape().get(i).is(1) && !a.strides().get(i).equals(b.strides().get(i))) {
        return a.numel().is(0);
      }
    }
    return true;
  }
}
