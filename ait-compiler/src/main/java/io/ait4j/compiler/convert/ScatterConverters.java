package io.ait4j.compiler.convert;

import io.ait4j.compiler.ir.BinaryOp;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Header;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Writes along one dimension to places that are data: the function {@code scatter.h} has. */
final class ScatterConverters implements ConverterProvider {
  static final Header HEADER = Header.own("scatter.h");

  /** As the header's {@code Combine}. */
  enum Combine {
    SET,
    ADD,
    MULTIPLY,
    MEAN,
    LARGEST,
    SMALLEST;

    static Combine named(String reduce) {
      return switch (reduce) {
        case "sum", "add" -> ADD;
        case "prod", "multiply" -> MULTIPLY;
        case "mean" -> MEAN;
        case "amax" -> LARGEST;
        case "amin" -> SMALLEST;
        default -> throw new UnsupportedNodeException("a reduction by '" + reduce + "'");
      };
    }

    /** Truth values are numbers of 0 and 1 that do not add up beyond. */
    Combine of(DType dtype) {
      return dtype != DType.BOOL
          ? this
          : this == ADD ? LARGEST : this == MULTIPLY ? SMALLEST : this;
    }
  }

  @Override
  public Map<String, Converter> converters() {
    Map<String, Converter> table = new HashMap<>();
    table.put("aten::scatter.src", cx -> scatter(cx, Combine.SET, true));
    table.put("aten::scatter.value", cx -> scatter(cx, Combine.SET, true));
    table.put("aten::scatter_add", cx -> scatter(cx, Combine.ADD, true));
    table.put("aten::scatter.reduce", cx -> scatter(cx, Combine.named(cx.string(4, "")), true));
    table.put(
        "aten::scatter.value_reduce", cx -> scatter(cx, Combine.named(cx.string(4, "")), true));
    table.put(
        "aten::scatter_reduce.two",
        cx -> scatter(cx, Combine.named(cx.string(4, "")), cx.bool(5, true)));
    table.put("aten::index_add", ScatterConverters::indexAdd);
    table.put(
        "aten::index_copy", cx -> rows(cx, Combine.SET, true, cx.meta(3).shape(), source(cx)));
    table.put("aten::index_fill.int_Scalar", ScatterConverters::indexFill);
    table.put("aten::index_fill.int_Tensor", ScatterConverters::indexFill);
    table.put(
        "aten::index_reduce",
        cx ->
            rows(
                cx,
                Combine.named(cx.string(4, "")),
                cx.bool(5, true),
                cx.meta(3).shape(),
                source(cx)));
    return table;
  }

  private static Function<List<Dim>, Expr> source(Conversion cx) {
    return index -> cx.load(3, index);
  }

  /** Places for each element of the source. */
  private static void scatter(Conversion cx, Combine how, boolean withSelf) {
    TensorMeta index = cx.meta(2);
    boolean tensor = cx.isTensor(3);
    call(
        cx,
        how,
        withSelf,
        false,
        index.shape(),
        i -> cx.load(2, i),
        tensor ? cx.meta(3).shape() : index.shape(),
        tensor ? source(cx) : number(cx, 3));
  }

  /** Places for whole slices of the source: the index has one dimension, or none. */
  private static void rows(
      Conversion cx,
      Combine how,
      boolean withSelf,
      List<Dim> shape,
      Function<List<Dim>, Expr> source) {
    rows(cx, how, withSelf, false, shape, source);
  }

  private static void rows(
      Conversion cx,
      Combine how,
      boolean withSelf,
      boolean wrap,
      List<Dim> shape,
      Function<List<Dim>, Expr> source) {
    TensorMeta index = cx.meta(2);
    int dim = Conversion.wrap(cx.integer(1, 0), cx.meta(0).rank());
    boolean line = how == Combine.SET && cx.meta(0).rank() == 0 && shape.size() == 1;
    cx.require(line || shape.size() == cx.meta(0).rank(), "a source of another rank");
    List<Dim> places = new ArrayList<>(shape);
    if (!places.isEmpty() && index.rank() == 1) {
      cx.require(
          !index.shape().getFirst().minus(shape.get(dim)).isConst()
              || index.shape().getFirst().equals(shape.get(dim)),
          "an index of another length than the source");
      places.set(dim, index.shape().getFirst());
    }
    call(
        cx,
        how,
        withSelf,
        wrap,
        places,
        i ->
            cx.load(
                2, index.rank() == 0 ? List.of() : List.of(i.isEmpty() ? Dim.ZERO : i.get(dim))),
        shape,
        source);
  }

  private static void indexAdd(Conversion cx) {
    DType dtype = Promotion.compute(cx.meta(0).dtype());
    boolean scaled = cx.floating(4, 1) != 1;
    Function<List<Dim>, Expr> source =
        i ->
            scaled
                ? Expr.binary(BinaryOp.MUL, Expr.cast(dtype, cx.load(3, i)), cx.number(4, dtype))
                : cx.load(3, i);
    rows(cx, Combine.ADD, true, cx.meta(3).shape(), source);
  }

  private static void indexFill(Conversion cx) {
    List<Dim> shape = new ArrayList<>(cx.meta(0).shape());
    List<Dim> index = cx.meta(2).shape();
    if (shape.isEmpty()) {
      shape.addAll(index); // a scalar is a line of one: none of it is written by an empty index
    } else {
      int dim = Conversion.wrap(cx.integer(1, 0), shape.size());
      shape.set(dim, index.isEmpty() ? Dim.ONE : index.getFirst());
    }
    Function<List<Dim>, Expr> value =
        cx.isTensor(3)
            ? scalar(cx, Expr.cast(cx.meta(0).dtype(), cx.load(3, List.of())))
            : number(cx, 3);
    rows(cx, Combine.SET, true, true, shape, value);
  }

  /** A number argument for every element. */
  private static Function<List<Dim>, Expr> number(Conversion cx, int i) {
    return scalar(cx, cx.number(i, cx.meta(0).dtype()));
  }

  /** One element in memory, read with strides of 0. */
  private static Function<List<Dim>, Expr> scalar(Conversion cx, Expr value) {
    Function<List<Dim>, Expr> one = cx.temp(value.dtype(), List.of(), i -> value);
    return i -> one.apply(List.of());
  }

  private static void call(
      Conversion cx,
      Combine how,
      boolean withSelf,
      boolean wrap,
      List<Dim> indexShape,
      Function<List<Dim>, Expr> index,
      List<Dim> sourceShape,
      Function<List<Dim>, Expr> source) {
    int rank = cx.meta(0).rank();
    int dim = Conversion.wrap(cx.integer(1, 0), rank);
    Place result = how == Combine.SET ? cx.place(0) : cx.wide(0);
    FunctionCall call =
        cx.function(HEADER, "scatter")
            .option(how.of(cx.meta(0).dtype()).ordinal())
            .read(0, last(dim, rank), result.dtype());
    moved(call, indexShape, dim, i -> Expr.cast(DType.INT64, index.apply(i)));
    moved(call, sourceShape, dim, i -> Expr.cast(result.dtype(), source.apply(i)));
    call.write(result, last(dim, rank))
        .size(dim)
        .size(withSelf ? 1 : 0)
        .size(wrap ? 1 : 0)
        .flops(Dim.product(indexShape))
        .emit();
    cx.narrow(0, result);
  }

  private static void moved(
      FunctionCall call, List<Dim> shape, int dim, Function<List<Dim>, Expr> body) {
    List<Integer> order = last(dim, shape.size());
    call.read(
        order.stream().map(shape::get).toList(),
        index -> {
          Dim[] own = new Dim[order.size()];
          for (int d = 0; d < own.length; d++) {
            own[order.get(d)] = index.get(d);
          }
          return body.apply(List.of(own));
        });
  }

  /** All dimensions, {@code dim} last. */
  static List<Integer> last(int dim, int rank) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
    if (rank > 0) {
      order.add(order.remove(dim));
    }
    return Collections.unmodifiableList(order);
  }
}
