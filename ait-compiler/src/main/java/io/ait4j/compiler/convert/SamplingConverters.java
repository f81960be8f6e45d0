package io.ait4j.compiler.convert;

import static io.ait4j.compiler.ir.Expr.binary;

import io.ait4j.compiler.ir.BinaryOp;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Header;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.List;
import java.util.Map;

/** Images read at points that data name, and grids of such points. */
final class SamplingConverters implements ConverterProvider {
  private static final Header HEADER = Header.own("grid_sample.h");
  private static final Header REGIONS = Header.own("roi_align.h");

  @Override
  public Map<String, Converter> converters() {
    return Map.of(
        "aten::grid_sampler_2d", SamplingConverters::sample,
        "aten::grid_sampler_3d", SamplingConverters::sample,
        "aten::affine_grid_generator", SamplingConverters::grid,
        "torchvision::roi_align", SamplingConverters::regions);
  }

  private static void sample(Conversion cx) {
    DType dtype = Promotion.compute(cx.result().dtype());
    cx.require(dtype.isFloating(), "sampling of integers");
    cx.require(cx.meta(1).dtype() == cx.result().dtype(), "a grid of another type");
    for (Dim size : cx.meta(0).shape().subList(2, cx.meta(0).rank())) {
      cx.require(size.min() > 0, "sampling of an image that may be empty");
    }
    FunctionCall call = cx.function(HEADER, "grid_sample");
    for (int i = 0; i < 2; i++) {
      int arg = i;
      call.read(cx.meta(i).shape(), index -> Expr.cast(dtype, cx.load(arg, index)));
    }
    Place result = cx.room(dtype, cx.result().shape());
    call.write(result)
        .size(cx.integer(2, 0))
        .size(cx.integer(3, 0))
        .size(cx.bool(4, false) ? 1 : 0);
    call.flops(cx.result().numel().times(1L << (1 + cx.meta(0).rank() - 2)));
    call.emit();
    cx.pointwise(result::load);
  }

  private static void regions(Conversion cx) {
    DType dtype = Promotion.compute(cx.result().dtype());
    cx.require(dtype.isFloating(), "regions of integers");
    cx.require(cx.meta(1).dtype() == cx.result().dtype(), "boxes of another type");
    long samples = cx.integer(5, 0);
    FunctionCall call = cx.function(REGIONS, "roi_align");
    for (int i = 0; i < 2; i++) {
      int arg = i;
      call.read(cx.meta(i).shape(), index -> Expr.cast(dtype, cx.load(arg, index)));
    }
    Place result = cx.wide(0);
    call.write(result)
        .real(cx.floating(2, 1))
        .size(samples)
        .size(cx.bool(6, false) ? 1 : 0)
        .flops(cx.result().numel().times(samples > 0 ? 8 * samples * samples : 32))
        .emit();
    cx.narrow(0, result);
  }

  /** Each point's coordinates in [-1, 1], multiplied by the batch's matrix. */
  private static void grid(Conversion cx) {
    DType dtype = Promotion.compute(cx.result().dtype());
    List<Dim> shape = cx.result().shape();
    int spatial = shape.size() - 2;
    boolean aligned = cx.bool(2, false);
    cx.pointwise(
        out -> {
          Dim n = out.getFirst();
          Dim row = out.getLast();
          Expr sum = element(cx, dtype, n, row, spatial);
          for (int d = spatial; d > 0; d--) {
            Dim at = out.get(d).times(2).plus(1);
            Dim size = shape.get(d);
            Dim numerator = at.minus(size);
            Dim denominator = aligned ? size.minus(1).max(Dim.ONE) : size;
            Expr coordinate =
                binary(
                    BinaryOp.DIV,
                    Expr.cast(dtype, new Expr.Index(numerator)),
                    Expr.cast(dtype, new Expr.Index(denominator)));
            Expr factor = element(cx, dtype, n, row, spatial - d);
            sum = binary(BinaryOp.ADD, sum, binary(BinaryOp.MUL, factor, coordinate));
          }
          return sum;
        });
    cx.flops(cx.result().numel().times(2L * (spatial + 1)));
  }

  private static Expr element(Conversion cx, DType dtype, Dim n, Dim row, int column) {
    return Expr.cast(dtype, cx.load(0, List.of(n, row, Dim.of(column))));
  }
}
