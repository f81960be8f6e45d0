package io.ait4j.compiler.convert;

import io.ait4j.compiler.ir.Header;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Sorting and choosing by order along one dimension: functions of {@code sort.h}. */
final class OrderConverters implements ConverterProvider {
  private static final Header HEADER = Header.own("sort.h");

  /** As in {@code sort_step.h}. */
  private static final long CHUNK = 2048;

  /** As the header's {@code Choice}. */
  private enum Choice {
    KTH,
    MEDIAN,
    NAN_MEDIAN
  }

  @Override
  public Map<String, Converter> converters() {
    Map<String, Converter> table = new HashMap<>();
    table.put("aten::sort", cx -> sort(cx, cx.integer(1, -1), cx.bool(2, false), 0, 1));
    table.put("aten::sort.stable", cx -> sort(cx, cx.integer(2, -1), cx.bool(3, false), 0, 1));
    table.put("aten::argsort", cx -> sort(cx, cx.integer(1, -1), cx.bool(2, false), -1, 0));
    table.put("aten::argsort.stable", cx -> sort(cx, cx.integer(2, -1), cx.bool(3, false), -1, 0));
    table.put("aten::msort", cx -> sort(cx, 0, false, 0, -1));
    table.put("aten::topk", OrderConverters::top);
    table.put("aten::kthvalue", cx -> choose(cx, Choice.KTH, cx.integer(2, -1), cx.dim(1)));
    table.put("aten::median.dim", cx -> choose(cx, Choice.MEDIAN, cx.integer(1, -1), Dim.ZERO));
    table.put(
        "aten::nanmedian.dim", cx -> choose(cx, Choice.NAN_MEDIAN, cx.integer(1, -1), Dim.ZERO));
    table.put("aten::median", cx -> ofAll(cx, Choice.MEDIAN));
    table.put("aten::nanmedian", cx -> ofAll(cx, Choice.NAN_MEDIAN));
    table.put("aten::mode", OrderConverters::mode);
    return table;
  }

  private static List<Integer> last(long dim, int rank) {
    return ScatterConverters.last(Conversion.wrap(dim, rank), rank);
  }

  /** The positions of the two results among the node's, -1 for one that it does not have. */
  private static void sort(Conversion cx, long dim, boolean descending, int values, int indices) {
    TensorMeta self = cx.meta(0);
    List<Integer> order = last(dim, self.rank());
    FunctionCall call = cx.function(HEADER, "sort").read(0, order);
    write(cx, call, values, self.dtype(), order);
    write(cx, call, indices, DType.INT64, order);
    call.size(descending ? 1 : 0);
    workspace(call, self.dtype(), self.shape(), order).flops(work(self)).emit();
  }

  private static void write(
      Conversion cx, FunctionCall call, int result, DType dtype, List<Integer> order) {
    if (result < 0) {
      call.write(cx.room(dtype, cx.meta(0).shape()), order);
    } else {
      call.write(result, order);
    }
  }

  private static void top(Conversion cx) {
    TensorMeta self = cx.meta(0);
    List<Integer> order = last(cx.integer(2, -1), self.rank());
    FunctionCall call =
        cx.function(HEADER, "topk")
            .read(0, order)
            .write(0, order)
            .write(1, order)
            .size(cx.bool(3, true) ? 1 : 0);
    workspace(call, self.dtype(), self.shape(), order).flops(work(self)).emit();
  }

  private static void choose(Conversion cx, Choice choice, long dim, Dim k) {
    TensorMeta self = cx.meta(0);
    List<Integer> order = last(dim, self.rank());
    FunctionCall call =
        cx.function(HEADER, "choose")
            .option(choice.ordinal())
            .read(0, order)
            .write(0)
            .write(1)
            .size(k);
    workspace(call, self.dtype(), self.shape(), order).flops(work(self)).emit();
  }

  private static void ofAll(Conversion cx, Choice choice) {
    TensorMeta self = cx.meta(0);
    List<Dim> flat = List.of(self.numel());
    FunctionCall call =
        cx.function(HEADER, "choose")
            .option(choice.ordinal())
            .read(flat, index -> cx.load(0, ReshapeIndex.map(self.shape(), flat, index)))
            .write(0)
            .write(cx.room(DType.INT64, List.of()))
            .size(0);
    workspace(call, self.dtype(), flat, List.of(0)).flops(work(self)).emit();
  }

  private static void mode(Conversion cx) {
    TensorMeta self = cx.meta(0);
    List<Integer> order = last(cx.integer(1, -1), self.rank());
    FunctionCall call = cx.function(HEADER, "most_frequent").read(0, order).write(0).write(1);
    workspace(call, self.dtype(), self.shape(), order).flops(work(self)).emit();
  }

  /** Where GPUs put rows in order that shared memory does not hold: each place twice. */
  private static FunctionCall workspace(
      FunctionCall call, DType dtype, List<Dim> shape, List<Integer> order) {
    Dim row = shape.isEmpty() ? Dim.ONE : shape.get(order.getLast());
    if (row.max() <= CHUNK) {
      return call.workspace(DType.INT64, Dim.ZERO);
    }
    Dim rows =
        Dim.product(order.subList(0, order.size() - 1).stream().map(d -> shape.get(d)).toList());
    Dim places = rows.times(row.ceilDiv(Dim.of(CHUNK)).times(CHUNK));
    return call.workspace(DType.INT64, places.times(dtype.bytes() > 4 ? 4 : 2));
  }

  /** A few operations for each element; rows are rarely long enough for the logarithm to count. */
  private static Dim work(TensorMeta self) {
    return self.numel().times(8);
  }
}
