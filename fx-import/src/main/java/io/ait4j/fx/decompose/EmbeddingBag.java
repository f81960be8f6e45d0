package io.ait4j.fx.decompose;

import static io.ait4j.fx.Arg.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;

/**
 * Sums, means or maxima of table rows by bag: which bag an index belongs to follows from the
 * offsets, then rows are added up where their bag is. The further results, which only training
 * reads, stay the operator's own.
 */
final class EmbeddingBag {
  private static final long SUM = 0;
  private static final long MEAN = 1;

  private final Rewrite r;
  private final long mode;
  private final DType dtype;
  private final Dim count;
  private final Dim bags;
  private final List<Dim> shape;
  private final Arg bag;

  private EmbeddingBag(Rewrite r) {
    this.r = r;
    mode = r.integer(4);
    TensorMeta table = r.meta(0);
    TensorMeta indices = r.meta(1);
    TensorMeta offsets = r.meta(2);
    if (table.rank() != 2 || indices.rank() != 1 || offsets.rank() != 1) {
      throw r.error("the table, indices or offsets have another number of dimensions");
    }
    dtype = table.dtype();
    count = indices.shape().getFirst();
    bags = offsets.shape().getFirst().minus(r.flag(7) ? 1 : 0);
    shape = List.of(bags, table.shape().get(1));
    Arg starts = r.flag(7) ? r.slice(r.arg(2), 0, Dim.ZERO, bags) : r.arg(2);
    Arg places = r.cast(ConstructorDecompositions.arange(r, count), offsets.dtype());
    Arg after = r.node("searchsorted.Tensor", starts, places, of(false), of(true));
    bag = r.call("sub.Tensor", after, of(1));
  }

  static List<Arg> decompose(Rewrite r) {
    List<Arg> results = new ArrayList<>(r.keep());
    results.set(0, new EmbeddingBag(r).rows());
    return results;
  }

  private Arg rows() {
    Arg rows = r.call("embedding", r.arg(0), r.arg(1));
    Arg counted = r.has(8) ? counted() : Arg.NONE;
    if (counted instanceof Arg.Value) {
      rows = r.call("where.self", r.unsqueeze(counted, 1), rows, neutral());
    }
    if (r.has(6)) {
      rows = r.call("mul.Tensor", rows, r.unsqueeze(r.arg(6), 1));
    }
    Arg zeros = ConstructorDecompositions.full(r, shape, of(0), dtype);
    if (mode == SUM) {
      return r.call("index_add", zeros, of(0), bag, rows);
    }
    if (mode == MEAN) {
      Arg sum = r.call("index_add", zeros, of(0), bag, rows);
      return r.call("div.Tensor", sum, r.call("clamp", r.unsqueeze(members(counted), 1), of(1)));
    }
    Arg most = r.call("index_reduce", zeros, of(0), bag, rows, new Arg.Str("amax"), of(false));
    Arg any = r.call("gt.Scalar", r.unsqueeze(members(counted), 1), of(0));
    return counted instanceof Arg.Value ? r.call("where.self", any, most, scalar(0)) : most;
  }

  /** Which indices count: a padding index does not; None if there is none. */
  private Arg counted() {
    long padding = r.integer(8);
    if (padding < 0) {
      Dim rows = r.meta(0).shape().getFirst();
      if (!r.target().overload().equals("padding_idx")) {
        return Arg.NONE;
      }
      return r.call("ne.Tensor", r.arg(1), limit(rows.plus(padding)));
    }
    return r.call("ne.Scalar", r.arg(1), of(padding));
  }

  private Arg limit(Dim value) {
    return ConstructorDecompositions.full(r, List.of(), Arg.of(value), r.meta(1).dtype());
  }

  private Arg neutral() {
    return scalar(mode == SUM || mode == MEAN ? 0 : Double.NEGATIVE_INFINITY);
  }

  private Arg scalar(double value) {
    return ConstructorDecompositions.full(r, List.of(), new Arg.Float(value), dtype);
  }

  /** How many indices count in each bag, in the table's type. */
  private Arg members(Arg counted) {
    Arg ones =
        counted instanceof Arg.Value
            ? r.cast(counted, dtype)
            : ConstructorDecompositions.full(r, List.of(count), of(1), dtype);
    Arg zeros = ConstructorDecompositions.full(r, List.of(bags), of(0), dtype);
    return r.call("index_add", zeros, of(0), bag, ones);
  }
}
