package io.ait4j.compiler.convert;

import static io.ait4j.compiler.ir.Expr.binary;

import io.ait4j.compiler.ir.BinaryOp;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Operand;
import io.ait4j.compiler.ir.ReduceOp;
import io.ait4j.compiler.ir.Template;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** Matrix products. All are one template; they differ in how operands and result are indexed. */
final class GemmConverters implements ConverterProvider {
  @Override
  public Map<String, Converter> converters() {
    return Map.of(
        "aten::linear", GemmConverters::linear,
        "aten::mm", cx -> matmul(cx, 0, 1, -1),
        "aten::bmm", cx -> matmul(cx, 0, 1, -1),
        "aten::addmm", cx -> matmul(cx, 1, 2, 0),
        "aten::baddbmm", cx -> matmul(cx, 1, 2, 0));
  }

  private static void linear(Conversion cx) {
    List<Dim> shape = cx.meta(0).shape();
    cx.require(!shape.isEmpty(), "linear on a scalar");
    List<Dim> rows = shape.subList(0, shape.size() - 1);
    List<Dim> weight = cx.meta(1).shape();
    cx.require(weight.size() == 2, "linear with a weight of rank " + weight.size());
    Conversion.requireEqual(shape.getLast(), weight.get(1));
    gemm(
        cx,
        Dim.ONE,
        rows,
        weight.get(0),
        weight.get(1),
        (m, k) -> {
          List<Dim> index = new ArrayList<>(m);
          index.add(k);
          return cx.load(0, index);
        },
        (b, kn) -> cx.load(1, List.of(kn.get(1), kn.get(0))),
        (index, acc) ->
            cx.has(2) ? binary(BinaryOp.ADD, acc, cx.broadcast(2, index, acc.dtype())) : acc);
  }

  private static void matmul(Conversion cx, int left, int right, int bias) {
    List<Dim> a = cx.meta(left).shape();
    List<Dim> b = cx.meta(right).shape();
    boolean batched = a.size() == 3;
    Conversion.requireEqual(a.getLast(), b.get(b.size() - 2));
    if (batched) {
      Conversion.requireEqual(a.getFirst(), b.getFirst());
    }
    if (bias >= 0) {
      requireBroadcast(cx.meta(bias).shape(), cx.result().shape());
    }
    Dim batch = batched ? a.get(0) : Dim.ONE;
    gemm(
        cx,
        batch,
        List.of(a.get(a.size() - 2)),
        b.getLast(),
        a.getLast(),
        (m, k) -> cx.load(left, batched ? List.of(m.get(0), m.get(1), k) : List.of(m.get(1), k)),
        (bi, kn) -> cx.load(right, batched ? List.of(bi, kn.get(0), kn.get(1)) : kn),
        (index, acc) -> {
          if (bias < 0) {
            return acc;
          }
          double beta = cx.floating(3, 1);
          double alpha = cx.floating(4, 1);
          Expr sum = alpha == 1 ? acc : binary(BinaryOp.MUL, acc, Expr.literal(acc.dtype(), alpha));
          if (beta == 0) {
            return sum;
          }
          Expr term = cx.broadcast(bias, index, acc.dtype());
          return binary(
              BinaryOp.ADD,
              sum,
              beta == 1 ? term : binary(BinaryOp.MUL, term, Expr.literal(acc.dtype(), beta)));
        });
  }

  private static void requireBroadcast(List<Dim> from, List<Dim> to) {
    int skip = to.size() - from.size();
    for (int d = 0; d < from.size(); d++) {
      if (!from.get(d).is(1)) {
        Conversion.requireEqual(from.get(d), to.get(d + skip));
      }
    }
  }

  /**
   * @param rows for linear the leading dimensions, all of them rows of one product; for the others
   *     the one row dimension
   * @param a element at (row index, with the batch index first for products with one row dimension)
   *     and k
   * @param b element at the batch index and (k, n)
   */
  private static void gemm(
      Conversion cx,
      Dim batch,
      List<Dim> rows,
      Dim n,
      Dim k,
      BiFunction<List<Dim>, Dim, Expr> a,
      BiFunction<Dim, List<Dim>, Expr> b,
      BiFunction<List<Dim>, Expr, Expr> after) {
    DType dtype = cx.result().dtype();
    if (Promotion.compute(dtype) != DType.FLOAT32) {
      loop(cx, rows, k, a, b, after);
      return;
    }
    boolean isLinear = cx.node().target().name().equals("linear");
    Dim m = Dim.product(rows);
    Dim.Symbol ab = cx.axis(batch);
    Dim.Symbol am = cx.axis(m);
    Dim.Symbol ak = cx.axis(k);
    List<Dim> rowIndex = new ArrayList<>(ReshapeIndex.map(rows, List.of(m), List.of(Dim.of(am))));
    if (!isLinear) {
      rowIndex.add(0, Dim.of(ab));
    }
    Operand left =
        new Operand(List.of(ab, am, ak), Expr.cast(DType.FLOAT32, a.apply(rowIndex, Dim.of(ak))));
    Dim.Symbol bb = cx.axis(batch);
    Dim.Symbol bk = cx.axis(k);
    Dim.Symbol bn = cx.axis(n);
    Operand right =
        new Operand(
            List.of(bb, bk, bn),
            Expr.cast(DType.FLOAT32, b.apply(Dim.of(bb), List.of(Dim.of(bk), Dim.of(bn)))));
    Dim.Symbol eb = cx.axis(batch);
    Dim.Symbol em = cx.axis(m);
    Dim.Symbol en = cx.axis(n);
    List<Dim> index = new ArrayList<>(ReshapeIndex.map(rows, List.of(m), List.of(Dim.of(em))));
    if (cx.result().rank() == index.size() + 2) {
      index.add(0, Dim.of(eb));
    }
    index.add(Dim.of(en));
    cx.template(
        "gemm",
        new Template.Gemm(batch, m, n, k),
        List.of(left, right),
        List.of(eb, em, en),
        index,
        after.apply(index, new Expr.Accumulator(DType.FLOAT32)));
    cx.flops(batch.times(m).times(n).times(k).times(2));
  }

  /** Products of other types than float32 and those that compute in it are rare: a plain loop. */
  private static void loop(
      Conversion cx,
      List<Dim> rows,
      Dim k,
      BiFunction<List<Dim>, Dim, Expr> a,
      BiFunction<Dim, List<Dim>, Expr> b,
      BiFunction<List<Dim>, Expr, Expr> after) {
    DType dtype = cx.result().dtype();
    cx.require(dtype != DType.BOOL && !dtype.isComplex(), "matrix product of " + dtype.torchName());
    cx.pointwise(
        i -> {
          Dim.Symbol axis = cx.axis(k);
          Dim n = i.getLast();
          Expr product =
              binary(
                  BinaryOp.MUL,
                  Expr.cast(dtype, a.apply(rowOf(i, cx, rows), Dim.of(axis))),
                  Expr.cast(dtype, b.apply(i.getFirst(), List.of(Dim.of(axis), n))));
          return after.apply(i, new Expr.Reduce(ReduceOp.SUM, List.of(axis), product));
        });
    cx.flops(cx.result().numel().times(k).times(2));
  }

  /** The index of a row of A: a matrix has its batch, always 0, in front. */
  private static List<Dim> rowOf(List<Dim> index, Conversion cx, List<Dim> rows) {
    List<Dim> row = new ArrayList<>(index.subList(0, index.size() - 1));
    if (!cx.node().target().name().equals("linear") && row.size() == rows.size()) {
      row.addFirst(Dim.ZERO);
    }
    return row;
  }
}
