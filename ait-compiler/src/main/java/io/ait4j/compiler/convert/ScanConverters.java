package io.ait4j.compiler.convert;

import io.ait4j.compiler.ir.BinaryOp;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Header;
import io.ait4j.compiler.ir.ReduceOp;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Running sums, products and extremes: functions of {@code scan.h}. */
final class ScanConverters implements ConverterProvider {
  private static final Header HEADER = Header.own("scan.h");

  /** Rows this short are summed anew for each element: a loop, which fuses with what is around. */
  private static final long SHORT = 16;

  /** As the header's {@code Scan}. */
  private enum Scan {
    SUM,
    PRODUCT,
    LOG_SUM_EXP
  }

  @Override
  public Map<String, Converter> converters() {
    Map<String, Converter> table = new HashMap<>();
    table.put("aten::cumsum", ScanConverters::sum);
    table.put("aten::cumprod", cx -> scan(cx, Scan.PRODUCT));
    table.put("aten::logcumsumexp", cx -> scan(cx, Scan.LOG_SUM_EXP));
    table.put("aten::cummax", cx -> extreme(cx, true));
    table.put("aten::cummin", cx -> extreme(cx, false));
    return table;
  }

  private static int dim(Conversion cx) {
    return Conversion.wrap(cx.integer(1, 0), cx.meta(0).rank());
  }

  private static void scan(Conversion cx, Scan scan) {
    List<Integer> order = ScatterConverters.last(dim(cx), cx.meta(0).rank());
    Place result = cx.wide(0);
    cx.function(HEADER, "scan")
        .option(scan.ordinal())
        .read(0, order, result.dtype())
        .write(result, order)
        .flops(cx.meta(0).numel())
        .emit();
    cx.narrow(0, result);
  }

  private static void extreme(Conversion cx, boolean largest) {
    List<Integer> order = ScatterConverters.last(dim(cx), cx.meta(0).rank());
    Place values = cx.wide(0);
    cx.function(HEADER, "running_extreme")
        .option(largest)
        .read(0, order, values.dtype())
        .write(values, order)
        .write(1, order)
        .flops(cx.meta(0).numel())
        .emit();
    cx.narrow(0, values);
  }

  private static void sum(Conversion cx) {
    List<Dim> shape = cx.meta(0).shape();
    if (shape.isEmpty() || shape.get(dim(cx)).max() > SHORT) {
      scan(cx, Scan.SUM);
      return;
    }
    // Running sums of both signs grow and cancel: libtorch, too, adds floats in double precision.
    DType dtype = cx.result().dtype().isFloating() ? DType.FLOAT64 : cx.result().dtype();
    cx.pointwise(
        out -> {
          Dim.Symbol axis = cx.axis(shape.get(dim(cx)));
          List<Dim> index = new ArrayList<>(out);
          index.set(dim(cx), Dim.of(axis));
          Expr before =
              Expr.binary(
                  BinaryOp.LE, new Expr.Index(Dim.of(axis)), new Expr.Index(out.get(dim(cx))));
          return new Expr.Reduce(
              ReduceOp.SUM,
              List.of(axis),
              Expr.select(before, Expr.cast(dtype, cx.load(0, index)), Expr.literal(dtype, 0L)));
        });
  }
}
