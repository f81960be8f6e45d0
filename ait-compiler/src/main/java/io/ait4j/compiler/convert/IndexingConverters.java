package io.ait4j.compiler.convert;

import static io.ait4j.compiler.convert.Conversion.wrap;

import io.ait4j.compiler.ir.BinaryOp;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Header;
import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Loads whose place depends on data. Such an index is a symbol bound to an expression; the run
 * checks it against the bounds.
 */
final class IndexingConverters implements ConverterProvider {
  @Override
  public Map<String, Converter> converters() {
    Map<String, Converter> table = new HashMap<>();
    table.put("aten::embedding", IndexingConverters::embedding);
    table.put("aten::index_select", IndexingConverters::indexSelect);
    table.put("aten::gather", IndexingConverters::gather);
    table.put("aten::index.Tensor", IndexingConverters::index);
    table.put("aten::repeat_interleave.Tensor", IndexingConverters::repetitions);
    return table;
  }

  /** Checks, when it runs, that the repeats make the declared size. */
  private static void repetitions(Conversion cx) {
    cx.function(Header.own("repeat.h"), "repeat_places")
        .read(0)
        .write(0)
        .flops(cx.result().numel())
        .emit();
  }

  private static void embedding(Conversion cx) {
    cx.pointwise(
        out -> {
          Expr row = cx.load(1, out.subList(0, out.size() - 1));
          Dim.Symbol at = cx.dataIndex(cx.meta(0).shape().getFirst());
          Expr.Load load = cx.load(0, List.of(Dim.of(at), out.getLast()));
          return bound(load, Map.of(at, Expr.cast(DType.INT64, row)));
        });
  }

  private static void indexSelect(Conversion cx) {
    int dim = wrap(cx.integer(1, 0), cx.meta(0).rank());
    cx.require(cx.meta(0).rank() > 0 && cx.meta(2).rank() == 1, "index_select on a scalar");
    cx.pointwise(
        out -> {
          Dim.Symbol at = cx.dataIndex(cx.meta(0).shape().get(dim));
          List<Dim> index = new ArrayList<>(out);
          index.set(dim, Dim.of(at));
          return bound(
              cx.load(0, index),
              Map.of(at, Expr.cast(DType.INT64, cx.load(2, List.of(out.get(dim))))));
        });
  }

  private static void gather(Conversion cx) {
    int dim = wrap(cx.integer(1, 0), cx.meta(0).rank());
    cx.require(cx.meta(0).rank() > 0 && cx.meta(2).rank() > 0, "gather on a scalar");
    List<Dim> self = cx.meta(0).shape();
    List<Dim> places = cx.meta(2).shape();
    cx.pointwise(
        out -> {
          Map<Dim.Symbol, Expr> bindings = new LinkedHashMap<>();
          List<Dim> index = new ArrayList<>(out);
          for (int d = 0; d < self.size(); d++) {
            Dim.Symbol at = cx.dataIndex(self.get(d));
            if (d == dim) {
              index.set(d, Dim.of(at));
              bindings.put(at, Expr.cast(DType.INT64, cx.load(2, out)));
            } else if (self.get(d).minus(places.get(d)).min() < 0) { // checked when it runs
              index.set(d, Dim.of(at));
              bindings.put(at, new Expr.Index(out.get(d)));
            }
          }
          return bound(cx.load(0, index), bindings);
        });
  }

  /** Advanced indexing with integer tensors; negative positions count from the end. */
  private static void index(Conversion cx) {
    TensorMeta self = cx.meta(0);
    List<Arg> indices =
        cx.node().arg(1).orElse(Arg.NONE) instanceof Arg.Sequence s ? s.elements() : List.of();
    List<Integer> indexed = new ArrayList<>();
    int rank = 0;
    for (int d = 0; d < indices.size(); d++) {
      if (indices.get(d) instanceof Arg.Value v) {
        cx.require(
            cx.meta(v).dtype() == DType.INT64 || cx.meta(v).dtype() == DType.INT32,
            "indexing with a mask");
        indexed.add(d);
        rank = Math.max(rank, cx.meta(v).rank());
      }
    }
    cx.require(!indexed.isEmpty(), "indexing with nothing");
    boolean adjacent = indexed.getLast() - indexed.getFirst() == indexed.size() - 1;
    int at = adjacent ? indexed.getFirst() : 0;
    int broadcastRank = rank;
    cx.pointwise(
        out -> {
          List<Dim> common = out.subList(at, at + broadcastRank);
          List<Dim> rest = new ArrayList<>(out.subList(0, at));
          rest.addAll(out.subList(at + broadcastRank, out.size()));
          Map<Dim.Symbol, Expr> bindings = new LinkedHashMap<>();
          List<Dim> index = new ArrayList<>();
          int next = 0;
          for (int d = 0; d < self.rank(); d++) {
            if (indexed.contains(d)) {
              Arg.Value v = (Arg.Value) indices.get(d);
              Expr raw =
                  Expr.cast(
                      DType.INT64,
                      cx.load(v, Conversion.broadcastIndex(cx.meta(v).shape(), common)));
              Expr negative = Expr.binary(BinaryOp.LT, raw, Expr.literal(DType.INT64, 0L));
              Expr wrapped =
                  Expr.select(
                      negative,
                      Expr.binary(BinaryOp.ADD, raw, new Expr.Index(self.shape().get(d))),
                      raw);
              Dim.Symbol symbol = cx.dataIndex(self.shape().get(d));
              bindings.put(symbol, wrapped);
              index.add(Dim.of(symbol));
            } else {
              index.add(rest.get(next++));
            }
          }
          return bound(cx.load(0, index), bindings);
        });
  }

  private static Expr bound(Expr.Load load, Map<Dim.Symbol, Expr> bindings) {
    return new Expr.Load(load.buffer(), load.dtype(), load.index(), bindings);
  }
}
