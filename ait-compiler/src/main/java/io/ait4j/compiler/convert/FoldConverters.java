package io.ait4j.compiler.convert;

import io.ait4j.compiler.ir.BinaryOp;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.ReduceOp;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Images from their windows: each pixel gathers what the windows over it hold. */
final class FoldConverters implements ConverterProvider {
  @Override
  public Map<String, Converter> converters() {
    return Map.of("aten::col2im", FoldConverters::image);
  }

  /** One direction of the image: how windows lie along it. */
  private record Direction(Dim size, long kernel, long dilation, long padding, long stride) {
    static Direction of(Conversion cx, int i) {
      List<Dim> image = cx.result().shape();
      return new Direction(
          image.get(image.size() - 2 + i),
          cx.pair(2)[i],
          cx.pair(3, 1, 1)[i],
          cx.pair(4, 0, 0)[i],
          cx.pair(5, 1, 1)[i]);
    }

    Dim windows() {
      return size.plus(2 * padding - dilation * (kernel - 1) - 1).floorDiv(stride).plus(1);
    }

    /** Distance from the start of the first window to where window w would begin, times stride. */
    private Dim start(Dim at, Dim tap) {
      return at.plus(padding).minus(tap.times(dilation));
    }

    /** The window whose element {@code tap} lies at {@code at}. */
    Dim window(Dim at, Dim tap) {
      return start(at, tap).floorDiv(stride);
    }

    /** Whether there is one. */
    Expr holds(Dim at, Dim tap) {
      Expr inside = Expr.within(window(at, tap), Dim.ZERO, windows());
      if (stride == 1) {
        return inside;
      }
      Expr rest = new Expr.Index(start(at, tap).mod(stride));
      Expr even = Expr.binary(BinaryOp.EQ, rest, Expr.literal(DType.INT64, 0L));
      return Expr.binary(BinaryOp.AND, inside, even);
    }
  }

  private static void image(Conversion cx) {
    Direction high = Direction.of(cx, 0);
    Direction wide = Direction.of(cx, 1);
    DType dtype = Promotion.compute(cx.result().dtype());
    cx.pointwise(
        out -> {
          int rank = out.size();
          Dim.Symbol i = cx.axis(Dim.of(high.kernel));
          Dim.Symbol j = cx.axis(Dim.of(wide.kernel));
          Dim y = out.get(rank - 2);
          Dim x = out.get(rank - 1);
          List<Dim> index = new ArrayList<>(out.subList(0, rank - 3));
          Dim row = out.get(rank - 3).times(high.kernel).plus(Dim.of(i));
          index.add(row.times(wide.kernel).plus(Dim.of(j)));
          Dim window = high.window(y, Dim.of(i)).times(wide.windows());
          index.add(window.plus(wide.window(x, Dim.of(j))));
          Expr held = Expr.binary(BinaryOp.AND, high.holds(y, Dim.of(i)), wide.holds(x, Dim.of(j)));
          Expr element = Expr.cast(dtype, cx.load(0, index));
          return new Expr.Reduce(
              ReduceOp.SUM, List.of(i, j), Expr.guarded(held, element, Expr.literal(dtype, 0L)));
        });
    cx.flops(cx.meta(0).numel());
  }
}
