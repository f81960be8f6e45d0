package io.ait4j.fx.decompose;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;

/** Products of vectors, matrices and batches of them, as {@code mm} and {@code bmm}. */
final class MatmulDecompositions {
  private MatmulDecompositions() {}

  static void addTo(DecompositionTable table) {
    table.add("matmul linalg_matmul", r -> matmul(r, r.arg(0), r.arg(1)));
    table.add("mv dot", r -> matmul(r, r.arg(0), r.arg(1)));
    table.add(
        "outer", r -> r.call("mul.Tensor", r.unsqueeze(r.arg(0), 1), r.unsqueeze(r.arg(1), 0)));
    table.add("addmv", MatmulDecompositions::addmv);
    table.add("inner", MatmulDecompositions::inner);
    table.add("tensordot", MatmulDecompositions::tensordot);
  }

  static Arg matmul(Rewrite r, Arg a, Arg b) {
    TensorMeta left = r.meta(a);
    TensorMeta right = r.meta(b);
    if (left.rank() == 0 || right.rank() == 0) {
      throw r.error("a tensor of rank 0 is no matrix");
    }
    List<Dim> shape = resultShape(r, left, right);
    Arg rows = left.rank() == 1 ? r.unsqueeze(a, 0) : a;
    Arg columns = right.rank() == 1 ? r.unsqueeze(b, 1) : b;
    return r.reshape(product(r, rows, columns), shape);
  }

  private static List<Dim> resultShape(Rewrite r, TensorMeta left, TensorMeta right) {
    List<Dim> shape = new ArrayList<>(batch(r, left, right));
    if (left.rank() > 1) {
      shape.add(left.shape().get(left.rank() - 2));
    }
    if (right.rank() > 1) {
      shape.add(right.shape().getLast());
    }
    return shape;
  }

  private static List<Dim> batch(Rewrite r, TensorMeta left, TensorMeta right) {
    List<Dim> a = left.shape().subList(0, Math.max(0, left.rank() - 2));
    List<Dim> b = right.shape().subList(0, Math.max(0, right.rank() - 2));
    List<Dim> longer = new ArrayList<>(a.size() >= b.size() ? a : b);
    List<Dim> shorter = a.size() >= b.size() ? b : a;
    int offset = longer.size() - shorter.size();
    for (int i = 0; i < shorter.size(); i++) {
      Dim size = shorter.get(i);
      if (longer.get(offset + i).is(1)) {
        longer.set(offset + i, size);
      } else if (!size.is(1) && !size.equals(longer.get(offset + i))) {
        throw r.unequal(
            "shapes " + left.shape() + " and " + right.shape() + " do not multiply",
            longer.get(offset + i),
            size);
      }
    }
    return longer;
  }

  /** Of operands of rank 2 and more; the batch dimensions of the result are flat. */
  private static Arg product(Rewrite r, Arg a, Arg b) {
    TensorMeta left = r.meta(a);
    TensorMeta right = r.meta(b);
    Dim k = left.shape().getLast();
    Dim n = right.shape().getLast();
    if (Dim.product(right.shape().subList(0, right.rank() - 2)).is(1)) {
      // One matrix for all: its rows and those of every batch make one product.
      Arg matrix = r.reshape(b, right.shape().subList(right.rank() - 2, right.rank()));
      Dim rows = Dim.product(left.shape().subList(0, left.rank() - 1));
      return r.call("mm", r.reshape(a, List.of(rows, k)), matrix);
    }
    List<Dim> batch = batch(r, left, right);
    Dim count = Dim.product(batch);
    Dim m = left.shape().get(left.rank() - 2);
    Arg x = r.reshape(broadcast(r, a, batch, m, k), List.of(count, m, k));
    Dim inner = right.shape().get(right.rank() - 2);
    Arg y = r.reshape(broadcast(r, b, batch, inner, n), List.of(count, inner, n));
    return r.call("bmm", x, y);
  }

  private static Arg broadcast(Rewrite r, Arg x, List<Dim> batch, Dim rows, Dim columns) {
    List<Dim> shape = new ArrayList<>(batch);
    shape.add(rows);
    shape.add(columns);
    return r.expand(x, shape);
  }

  private static Arg addmv(Rewrite r) {
    Arg product = r.call("mul.Tensor", matmul(r, r.arg(1), r.arg(2)), r.arg(4));
    return r.isNumber(3) && r.number(3) == 0
        ? product
        : r.call("add.Tensor", r.call("mul.Tensor", r.arg(0), r.arg(3)), product);
  }

  private static Arg inner(Rewrite r) {
    if (r.meta(0).rank() == 0 || r.meta(1).rank() == 0) {
      return r.call("mul.Tensor", r.arg(0), r.arg(1));
    }
    int rank = r.meta(1).rank();
    List<Integer> last = new ArrayList<>(List.of(rank - 1));
    return contracted(r, r.arg(0), r.arg(1), List.of(r.meta(0).rank() - 1), last);
  }

  private static Arg tensordot(Rewrite r) {
    return contracted(
        r,
        r.arg(0),
        r.arg(1),
        r.integers(2).stream().map(d -> r.axis(d, r.meta(0).rank())).toList(),
        r.integers(3).stream().map(d -> r.axis(d, r.meta(1).rank())).toList());
  }

  private static Arg contracted(Rewrite r, Arg a, Arg b, List<Integer> overA, List<Integer> overB) {
    List<Dim> left = r.meta(a).shape();
    List<Dim> right = r.meta(b).shape();
    List<Integer> freeA = Rewrite.range(0, left.size());
    freeA.removeAll(overA);
    List<Integer> freeB = Rewrite.range(0, right.size());
    freeB.removeAll(overB);
    List<Integer> orderA = new ArrayList<>(freeA);
    orderA.addAll(overA);
    List<Integer> orderB = new ArrayList<>(overB);
    orderB.addAll(freeB);
    Dim k = Dim.product(overA.stream().map(left::get).toList());
    List<Dim> rows = freeA.stream().map(left::get).toList();
    List<Dim> columns = freeB.stream().map(right::get).toList();
    Arg x = r.reshape(r.permute(a, orderA), List.of(Dim.product(rows), k));
    Arg y = r.reshape(r.permute(b, orderB), List.of(k, Dim.product(columns)));
    List<Dim> shape = new ArrayList<>(rows);
    shape.addAll(columns);
    return r.reshape(r.call("mm", x, y), shape);
  }
}
