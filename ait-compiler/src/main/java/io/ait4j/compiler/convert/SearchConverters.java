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
        "aten::bucketize.Tensor",
        cx -> search(cx, 1, 0, cx.bool(3, false)));
  }

  private static void sorted(Conversion cx) {
    cx.require(!cx.has(5), "searching through a sorter");
    search(cx, 0, 1, cx.bool(3, false) || cx.string(4, "left").equals("right"));
  }

  private static void search(Conversion cx, int rows, int values, boolean right) {
    TensorMeta row = cx.meta(rows);
    TensorMeta value = cx.meta(values);
    DType dtype = Promotion.compute(row.dtype());
    cx.require(row.dtype() == value.dtype(), "values of another type than the sorted ones");
    cx.require(row.rank() == 1 || row.rank() == value.rank(), "sorted rows of another rank");
    List<Dim> shape = new ArrayList<>(value.shape());
    if (!shape.isEmpty()) {
      shape.removeLast();
    }
    if (row.rank() > 1) {
      Conversion.requireEqual(row.shape().subList(0, shape.size()), shape);
    }
    shape.add(row.shape().getLast());
    cx.function(HEADER, "search_sorted")
        .read(
            shape, i -> Expr.cast(dtype, cx.load(rows, row.rank() == 1 ? List.of(i.getLast()) : i)))
        .read(value.shape(), i -> Expr.cast(dtype, cx.load(values, i)))
        .write(0)
        .size(right ? 1 : 0)
        .flops(cx.result().numel().times(16))
        .emit();
  }
}
