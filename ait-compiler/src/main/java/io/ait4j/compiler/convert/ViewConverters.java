package io.ait4j.compiler.convert;

import static io.ait4j.compiler.convert.Conversion.wrap;

import io.ait4j.compiler.ir.Expr;
import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Operators that only say which element goes where; as kernels of their own they are copies, and
 * the passes fold them away.
 */
final class ViewConverters implements ConverterProvider {
  private final Map<String, Converter> table = new HashMap<>();

  @Override
  public Map<String, Converter> converters() {
    for (String name :
        List.of(
            "view",
            "reshape",
            "_unsafe_view",
            "squeeze.dims",
            "squeeze.dim",
            "squeeze",
            "unsqueeze")) {
      move(name, (cx, out) -> ReshapeIndex.map(cx.meta(0).shape(), cx.result().shape(), out));
    }
    move(
        "permute",
        (cx, out) -> {
          Dim[] index = new Dim[out.size()];
          List<Long> order = cx.integers(1);
          for (int d = 0; d < out.size(); d++) {
            index[wrap(order.get(d), out.size())] = out.get(d);
          }
          return List.of(index);
        });
    move("expand", (cx, out) -> Conversion.broadcastIndex(cx.meta(0).shape(), out));
    move("slice.Tensor", ViewConverters::slice);
    move(
        "select.int",
        (cx, out) -> {
          int dim = wrap(cx.integer(1, 0), cx.meta(0).rank());
          Dim size = cx.meta(0).shape().get(dim);
          Dim at = cx.dim(2);
          boolean fromEnd = at.max() < 0;
          Dim place = fromEnd ? at.plus(size) : at;
          cx.require(
              size.isConst() && at.isConst() || place.min() >= 0 && size.minus(place).min() > 0,
              "place " + at + " of a size " + size + ", which may be too short");
          List<Dim> index = new ArrayList<>(out);
          index.add(dim, place);
          return index;
        });
    for (String rank : List.of("1d", "2d", "3d")) {
      move("reflection_pad" + rank, (cx, out) -> edge(cx, out, true));
      move("replication_pad" + rank, (cx, out) -> edge(cx, out, false));
    }
    move("pad", ViewConverters::circular);
    move(
        "flip",
        (cx, out) -> {
          List<Dim> index = new ArrayList<>(out);
          for (int dim : cx.integers(1).stream().map(d -> wrap(d, out.size())).toList()) {
            index.set(dim, cx.meta(0).shape().get(dim).minus(1).minus(out.get(dim)));
          }
          return index;
        });
    table.put("aten::cat", ViewConverters::cat);
    table.put("aten::constant_pad_nd", ViewConverters::pad);
    return table;
  }

  private void move(String name, BiFunction<Conversion, List<Dim>, List<Dim>> source) {
    table.put("aten::" + name, cx -> cx.pointwise(out -> cx.load(0, source.apply(cx, out))));
  }

  private static List<Dim> slice(Conversion cx, List<Dim> out) {
    TensorMeta meta = cx.meta(0);
    int dim = wrap(cx.integer(1, 0), meta.rank());
    Dim size = meta.shape().get(dim);
    Dim start = cx.has(2) ? cx.dim(2) : Dim.ZERO;
    cx.require(
        start.min() >= 0 || start.max() < 0,
        "a start " + start + " that may count from either end");
    start = (start.min() < 0 ? start.plus(size) : start).max(Dim.ZERO);
    List<Dim> index = new ArrayList<>(out);
    index.set(dim, out.get(dim).times(cx.integer(4, 1)).plus(start));
    return index;
  }

  private static void cat(Conversion cx) {
    TensorMeta result = cx.result();
    int dim = wrap(cx.integer(1, 0), result.rank());
    Dim offset = Dim.ZERO;
    for (Arg.Value value : cx.tensors(0)) {
      TensorMeta part = cx.meta(value);
      if (part.rank() == 1 && part.shape().getFirst().is(0)) {
        continue; // PyTorch's legacy: an empty vector joins anything
      }
      for (int d = 0; d < part.rank(); d++) {
        if (d != dim) {
          Conversion.requireEqual(part.shape().get(d), result.shape().get(d));
        }
      }
      List<Dim.Symbol> axes = cx.axes(part.shape());
      List<Dim> index = new ArrayList<>(Conversion.dims(axes));
      index.set(dim, index.get(dim).plus(offset));
      cx.part(axes, index, cx.load(value, Conversion.dims(axes)));
      offset = offset.plus(part.shape().get(dim));
    }
    cx.require(offset.equals(result.shape().get(dim)), "a concatenation whose parts do not add up");
    if (offset.is(0)) {
      cx.pointwise(out -> Expr.literal(result.dtype(), 0L));
    }
  }

  private static void pad(Conversion cx) {
    TensorMeta in = cx.meta(0);
    List<Long> pads = cx.integers(1);
    DType dtype = cx.result().dtype();
    Expr value = cx.has(2) ? cx.number(2, dtype) : Expr.literal(dtype, 0L);
    cx.pointwise(
        out -> {
          List<Dim> index = new ArrayList<>(out);
          Expr inside = Expr.literal(DType.BOOL, 1L);
          for (int p = 0; p < pads.size() / 2; p++) {
            int dim = in.rank() - 1 - p;
            if (pads.get(2 * p) == 0 && pads.get(2 * p + 1) == 0) {
              continue;
            }
            index.set(dim, out.get(dim).minus(pads.get(2 * p)));
            inside = and(inside, Expr.within(index.get(dim), Dim.ZERO, in.shape().get(dim)));
          }
          return inside instanceof Expr.Literal
              ? cx.load(0, index)
              : Expr.guarded(inside, cx.load(0, index), value);
        });
  }

  /** Padding from the tensor itself: mirrored, which needs more than the padding, or its edge. */
  private static List<Dim> edge(Conversion cx, List<Dim> out, boolean mirrored) {
    List<Dim> shape = cx.meta(0).shape();
    List<Long> pads = cx.integers(1);
    List<Dim> index = new ArrayList<>(out);
    for (int p = 0; p < pads.size() / 2; p++) {
      int dim = out.size() - 1 - p;
      Dim size = shape.get(dim);
      long longest = mirrored ? Math.max(pads.get(2 * p), pads.get(2 * p + 1)) : 0;
      cx.require(
          size.isConst() || size.min() > Math.max(0, longest),
          "padding of a size " + size + ", which may be too short");
      Dim at = out.get(dim).minus(pads.get(2 * p));
      index.set(dim, mirrored ? reflected(at, size) : nearest(at, size));
    }
    return index;
  }

  /** By what lies at the other end: the one mode of {@code pad} that is no operator of its own. */
  private static List<Dim> circular(Conversion cx, List<Dim> out) {
    cx.require(cx.string(2, "").equals("circular"), "padding by " + cx.string(2, "constant"));
    List<Dim> shape = cx.meta(0).shape();
    List<Long> pads = cx.integers(1);
    List<Dim> index = new ArrayList<>(out);
    for (int p = 0; p < pads.size() / 2; p++) {
      int dim = out.size() - 1 - p;
      Dim size = shape.get(dim);
      cx.require(
          pads.get(2 * p) * pads.get(2 * p + 1) >= 0,
          "padding at one end and cutting at the other, around which it goes");
      cx.require(
          size.min() >= Math.max(1, Math.max(pads.get(2 * p), pads.get(2 * p + 1))),
          "padding of a size " + size + ", which may be too short");
      index.set(dim, out.get(dim).minus(pads.get(2 * p)).mod(size));
    }
    return index;
  }

  private static Dim reflected(Dim at, Dim size) {
    Dim positive = at.max(at.times(-1));
    return positive.min(size.minus(1).times(2).minus(positive));
  }

  private static Dim nearest(Dim at, Dim size) {
    return at.max(Dim.ZERO).min(size.minus(1));
  }

  static Expr and(Expr a, Expr b) {
    return a instanceof Expr.Literal
        ? b
        : b instanceof Expr.Literal ? a : Expr.binary(io.ait4j.compiler.ir.BinaryOp.AND, a, b);
  }
}
