package io.ait4j.compiler.convert;

import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Header;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Places of values in sorted rows: the function of {@code scan.h}. */
final class SearchConverters implements ConverterProvider {
  private static final Header HEADER = Header.own("scan.h");

  @Override
  public Map<String, Converter> converters() {
    return Map.of(
        "aten::searchsorted.Tensor",
        SearchConverters::sorted,
        "aten::searchsorted.Scalar",
        SearchConverters::sorted,
        "aten::bucketize.Tensor",
        cx -> search(cx, 1, 0, cx.bool(3, false)),
        "aten::bucketize.Scalar",
        cx -> search(cx, 1, 0, cx.bool(3, false)));
  }

  private static void sorted(Conversion cx) {
    search(cx, 0, 1, cx.bool(3, false) || cx.string(4, "left").equals("right"));
  }

  private static void search(Conversion cx, int rows, int values, boolean right) {
    TensorMeta row = cx.meta(rows);
    List<Dim> wanted = cx.result().shape();
    DType common = Promotion.of(cx, rows, values);
    cx.require(row.rank() == 1 || row.rank() == wanted.size(), "sorted rows of another rank");
    List<Dim> shape = new ArrayList<>(wanted);
    if (!shape.isEmpty()) {
      shape.removeLast();
    }
    if (row.rank() > 1) {
      Conversion.requireEqual(row.shape().subList(0, shape.size()), shape);
    }
    shape.add(row.shape().getLast());
    cx.function(HEADER, "search_sorted")
        .read(shape, i -> sorted(cx, rows, row.rank() == 1 ? List.of(i.getLast()) : i, common))
        .read(wanted, i -> value(cx, values, i, common))
        .write(0)
        .size(right ? 1 : 0)
        .flops(cx.result().numel().times(16))
        .emit();
  }

  /** An element of the sorted rows, which may be in any order that argument 5 sorts. */
  private static Expr sorted(Conversion cx, int rows, List<Dim> at, DType common) {
    if (rows != 0 || !cx.has(5)) {
      return compared(common, cx.load(rows, at));
    }
    List<Dim> from = new ArrayList<>(at);
    Dim.Symbol place = cx.dataIndex(cx.meta(rows).shape().getLast());
    from.set(at.size() - 1, Dim.of(place));
    Expr.Load load = cx.load(rows, from);
    Expr sorter = Expr.cast(DType.INT64, cx.load(5, at));
    return compared(
        common, new Expr.Load(load.buffer(), load.dtype(), from, Map.of(place, sorter)));
  }

  private static Expr value(Conversion cx, int i, List<Dim> at, DType common) {
    return compared(common, cx.isTensor(i) ? cx.load(i, at) : cx.number(i, common));
  }

  /** With the digits of the type that rows and values are compared in. */
  private static Expr compared(DType common, Expr x) {
    return Expr.cast(Promotion.compute(common), Expr.cast(common, x));
  }
}
