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

  /** Bags to add up in: one where there is none, as its indices have to be somewhere. */
  private final Dim room;

  private final List<Dim> shape;
  private final Arg places;
  private final Arg bag;

  /** Which indices lie behind the last bag's end; None if it has none of its own. */
  private final Arg tail;

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
    room = bags.max(Dim.ONE);
    shape = List.of(room, table.shape().get(1));
    places = ConstructorDecompositions.arange(r, count);
    // One more bag wherever an offset says so, the last one, which is the indices' end, included.
    Arg begins =
        r.call(
            "index_add",
            ConstructorDecompositions.full(r, List.of(count.plus(1)), of(0), DType.INT64),
            of(0),
            r.arg(2),
            ConstructorDecompositions.full(r, offsets.shape(), of(1), DType.INT64));
    Arg begun = r.slice(r.call("cumsum", begins, of(0)), 0, Dim.ZERO, count);
    if (r.flag(7)) {
      Arg last = limit(room.minus(1), DType.INT64);
      Arg numbers = r.call("sub.Tensor", begun, of(1));
      tail = r.call("gt.Tensor", numbers, last);
      bag = r.call("minimum", numbers, last);
    } else {
      tail = Arg.NONE;
      bag = r.call("sub.Tensor", begun, Arg.of(bags.min(Dim.ONE)));
    }
  }

  static List<Arg> decompose(Rewrite r) {
    List<Arg> results = new ArrayList<>(r.keep());
    EmbeddingBag all = new EmbeddingBag(r);
    Arg rows = all.rows();
    results.set(0, all.room.equals(all.bags) ? rows : r.slice(rows, 0, Dim.ZERO, all.bags));
    return results;
  }

  private Arg rows() {
    Arg rows = r.call("embedding", r.arg(0), r.arg(1));
    Arg counted = r.has(8) ? counted() : Arg.NONE;
    if (mode != SUM && mode != MEAN) {
      rows = withoutLaterNan(rows, counted);
    }
    if (counted instanceof Arg.Value) {
      rows = r.call("where.self", r.unsqueeze(counted, 1), rows, neutral());
    } else if (tail instanceof Arg.Value && cutsTail()) {
      rows = r.call("where.self", r.unsqueeze(tail, 1), scalar(0), rows);
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

  /**
   * Whether libtorch adds up the bags by the kernel that leaves out what lies behind the last one's
   * end; its other kernels count that to the last bag, and so does each for the divisor of means.
   */
  private boolean cutsTail() {
    return (mode == SUM || mode == MEAN)
        && dtype != DType.FLOAT64
        && r.meta(0).strides().get(1).is(1)
        && (!r.has(6) || r.meta(6).strides().getFirst().is(1));
  }

  /** A maximum is NaN if its bag's first row is; later ones never exceed what was there. */
  private Arg withoutLaterNan(Arg rows, Arg counted) {
    Arg end = limit(count, DType.INT64);
    Arg candidates =
        counted instanceof Arg.Value ? r.call("where.self", counted, places, end) : places;
    Arg none = ConstructorDecompositions.full(r, List.of(room), Arg.of(count), DType.INT64);
    Arg firsts =
        r.call("index_reduce", none, of(0), bag, candidates, new Arg.Str("amin"), of(true));
    Arg later = r.call("gt.Tensor", places, r.call("index_select", firsts, of(0), bag));
    Arg ignored = r.call("logical_and", r.call("isnan", rows), r.unsqueeze(later, 1));
    return r.call("where.self", ignored, scalar(Double.NEGATIVE_INFINITY), rows);
  }

  /** Which indices count: a padding index does not; None if there is none. */
  private Arg counted() {
    long padding = r.integer(8);
    if (padding < 0) {
      Dim rows = r.meta(0).shape().getFirst();
      if (!r.target().overload().equals("padding_idx")) {
        return Arg.NONE;
      }
      return r.call("ne.Tensor", r.arg(1), limit(rows.plus(padding), r.meta(1).dtype()));
    }
    return r.call("ne.Scalar", r.arg(1), of(padding));
  }

  private Arg limit(Dim value, DType of) {
    return ConstructorDecompositions.full(r, List.of(), Arg.of(value), of);
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
    Arg zeros = ConstructorDecompositions.full(r, List.of(room), of(0), dtype);
    return r.call("index_add", zeros, of(0), bag, ones);
  }
}
