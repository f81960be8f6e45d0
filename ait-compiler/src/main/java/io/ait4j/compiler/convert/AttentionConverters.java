package io.ait4j.compiler.convert;

import io.ait4j.compiler.ir.BinaryOp;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Operand;
import io.ait4j.compiler.ir.Template;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code scaled_dot_product_attention}, whole. */
final class AttentionConverters implements ConverterProvider {
  @Override
  public Map<String, Converter> converters() {
    return Map.of("aten::scaled_dot_product_attention", AttentionConverters::attention);
  }

  private static void attention(Conversion cx) {
    List<Dim> q = cx.meta(0).shape();
    List<Dim> k = cx.meta(1).shape();
    List<Dim> v = cx.meta(2).shape();
    cx.require(
        Promotion.compute(cx.result().dtype()) == DType.FLOAT32,
        "attention of " + cx.result().dtype().torchName());
    cx.require(cx.floating(4, 0) == 0, "attention with dropout");
    int rank = q.size();
    cx.require(rank == 3 || rank == 4, "attention of rank " + rank);
    cx.require(
        k.size() == rank
            && v.size() == rank
            && k.getFirst().equals(q.getFirst())
            && v.getFirst().equals(q.getFirst()),
        "attention with broadcast batches");
    Dim batch = rank == 4 ? q.get(0) : Dim.ONE;
    Dim heads = rank == 4 ? q.get(1) : q.get(0);
    Dim kvHeads = rank == 4 ? k.get(1) : k.get(0);
    boolean grouped = cx.bool(7, false);
    cx.require(
        grouped ? heads.mod(kvHeads).is(0) : heads.equals(kvHeads),
        "attention with broadcast heads");
    Conversion.requireEqual(k.get(rank - 2), v.get(rank - 2));
    Dim headDim = q.getLast();
    double scale = cx.has(6) ? cx.floating(6, 1) : 1 / Math.sqrt(Conversion.constant(headDim));
    Template.Attention template =
        new Template.Attention(
            batch,
            heads,
            kvHeads,
            q.get(rank - 2),
            k.get(rank - 2),
            headDim,
            v.getLast(),
            scale,
            cx.bool(5, false),
            true);
    List<Operand> operands = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      List<Dim> shape = cx.meta(i).shape();
      List<Dim.Symbol> axes =
          cx.axes(List.of(batch, i == 0 ? heads : kvHeads, shape.get(rank - 2), shape.getLast()));
      operands.add(new Operand(axes, cx.floats(i).apply(drop(rank, Conversion.dims(axes)))));
    }
    if (cx.has(3)) {
      List<Dim.Symbol> axes =
          cx.axes(List.of(batch, heads, template.queryLength(), template.keyLength()));
      Expr mask =
          cx.load(
              3, Conversion.broadcastIndex(cx.meta(3).shape(), drop(rank, Conversion.dims(axes))));
      Expr additive =
          mask.dtype() == DType.BOOL
              ? Expr.select(
                  mask,
                  Expr.literal(DType.FLOAT32, 0.0),
                  Expr.literal(DType.FLOAT32, Double.NEGATIVE_INFINITY))
              : Expr.cast(DType.FLOAT32, mask);
      operands.add(
          new Operand(
              axes, Expr.binary(BinaryOp.ADD, new Expr.Accumulator(DType.FLOAT32), additive)));
    }
    List<Dim.Symbol> out =
        cx.axes(List.of(batch, heads, template.queryLength(), template.valueDim()));
    cx.template(
        "attention",
        template,
        operands,
        out,
        drop(rank, Conversion.dims(out)),
        new Expr.Accumulator(DType.FLOAT32));
    cx.flops(
        Dim.product(
                List.of(
                    batch,
                    heads,
                    template.queryLength(),
                    template.keyLength(),
                    headDim.plus(template.valueDim())))
            .times(2));
  }

  private static List<Dim> drop(int rank, List<Dim> index) {
    return rank == 4 ? index : index.subList(1, 4);
  }
}
