package io.ait4j.compiler.convert;

import io.ait4j.compiler.ir.BinaryOp;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** {@code x[i, :, j] = y} and {@code x[mask] = y}: functions of {@code scatter.h}. */
final class IndexPutConverters implements ConverterProvider {
  @Override
  public Map<String, Converter> converters() {
    Map<String, Converter> table = new HashMap<>();
    table.put("aten::index_put", IndexPutConverters::put);
    table.put("aten::_unsafe_index_put", IndexPutConverters::put);
    table.put("aten::masked_scatter", IndexPutConverters::masked);
    return table;
  }

  private static void put(Conversion cx) {
    TensorMeta self = cx.meta(0);
    List<Arg> indices =
        cx.node().arg(1).orElse(Arg.NONE) instanceof Arg.Sequence s ? s.elements() : List.of();
    List<Integer> given =
        IntStream.range(0, indices.size())
            .filter(d -> indices.get(d) instanceof Arg.Value)
            .boxed()
            .toList();
    if (given.size() == 1
        && cx.meta((Arg.Value) indices.get(given.getFirst())).dtype() == DType.BOOL) {
      putWhere(cx, (Arg.Value) indices.get(given.getFirst()), given.getFirst());
      return;
    }
    List<Integer> order = new ArrayList<>();
    List<Arg.Value> tensors = new ArrayList<>();
    List<Integer> kept = new ArrayList<>();
    for (int d = 0; d < self.rank(); d++) {
      if (d < indices.size() && indices.get(d) instanceof Arg.Value v) {
        DType dtype = cx.meta(v).dtype();
        cx.require(dtype == DType.INT64 || dtype == DType.INT32, "writing where a mask says");
        tensors.add(v);
        order.add(d);
      } else {
        kept.add(d);
      }
    }
    cx.require(!tensors.isEmpty(), "writing at no index");
    boolean adjacent = order.getLast() - order.getFirst() == order.size() - 1;
    int before = adjacent ? order.getFirst() : 0;
    List<Dim> points = broadcast(cx, tensors);
    order.addAll(kept);
    List<Dim> valuesShape = new ArrayList<>(points);
    kept.forEach(d -> valuesShape.add(self.shape().get(d)));
    ScatterConverters.Combine how =
        cx.bool(3, false) ? ScatterConverters.Combine.ADD : ScatterConverters.Combine.SET;
    Place result = how == ScatterConverters.Combine.SET ? cx.place(0) : cx.wide(0);
    FunctionCall call =
        cx.function(ScatterConverters.HEADER, "index_put")
            .option(how.of(self.dtype()).ordinal())
            .read(0, order, result.dtype())
            .read(
                valuesShape,
                index -> {
                  List<Dim> at = new ArrayList<>(index.subList(0, points.size()));
                  at.addAll(0, index.subList(points.size(), points.size() + before));
                  at.addAll(index.subList(points.size() + before, index.size()));
                  return Expr.cast(
                      result.dtype(),
                      cx.load(2, Conversion.broadcastIndex(cx.meta(2).shape(), at)));
                })
            .write(result, order);
    for (Arg.Value v : tensors) {
      call.read(
          points,
          at ->
              Expr.cast(
                  DType.INT64, cx.load(v, Conversion.broadcastIndex(cx.meta(v).shape(), at))));
    }
    call.flops(Dim.product(valuesShape)).emit();
    cx.narrow(0, result);
  }

  /**
   * {@code x[:, mask] = y} is a choice, element by element, unless y holds a value for each true
   * element: how many there are is data.
   */
  private static void putWhere(Conversion cx, Arg.Value mask, int first) {
    TensorMeta self = cx.meta(0);
    TensorMeta values = cx.meta(2);
    List<Dim> masked = cx.meta(mask).shape();
    int end = first + masked.size();
    Conversion.requireEqual(masked, self.shape().subList(first, end));
    int place = values.rank() - 1 - (self.rank() - end);
    cx.require(
        place < 0 || values.shape().get(place).is(1), "writing a value for each place of a mask");
    DType dtype = Promotion.compute(self.dtype());
    cx.pointwise(
        out -> {
          List<Dim> at = new ArrayList<>(out.subList(0, first));
          at.add(Dim.ZERO);
          at.addAll(out.subList(end, out.size()));
          Expr old = Expr.cast(dtype, cx.load(0, out));
          Expr value = Expr.cast(dtype, cx.load(2, Conversion.broadcastIndex(values.shape(), at)));
          Expr put = value;
          if (cx.bool(3, false)) {
            BinaryOp plus = dtype == DType.BOOL ? BinaryOp.OR : BinaryOp.ADD;
            put = Expr.binary(plus, old, value);
          }
          return Expr.select(cx.load(mask, out.subList(first, end)), put, old);
        });
  }

  /** The common shape of the indices. */
  private static List<Dim> broadcast(Conversion cx, List<Arg.Value> tensors) {
    List<Dim> shape = new ArrayList<>();
    for (Arg.Value v : tensors) {
      List<Dim> own = cx.meta(v).shape();
      while (shape.size() < own.size()) {
        shape.addFirst(Dim.ONE);
      }
      for (int d = 1; d <= own.size(); d++) {
        Dim size = own.get(own.size() - d);
        if (!size.is(1)) {
          Dim other = shape.set(shape.size() - d, size);
          if (!other.is(1)) {
            Conversion.requireEqual(other, size);
          }
        }
      }
    }
    return shape;
  }

  private static void masked(Conversion cx) {
    List<Dim> shape = cx.result().shape();
    cx.function(ScatterConverters.HEADER, "masked_scatter")
        .read(shape, i -> cx.load(0, Conversion.broadcastIndex(cx.meta(0).shape(), i)))
        .read(shape, i -> cx.load(1, Conversion.broadcastIndex(cx.meta(1).shape(), i)))
        .read(2)
        .write(0)
        .flops(cx.result().numel())
        .emit();
  }
}
