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
    table.add(
        "vdot", r -> r.meta(0).dtype().isComplex() ? r.keepOne() : matmul(r, r.arg(0), r.arg(1)));
    table.add("mv dot", r -> matmul(r, r.arg(0), r.arg(1)));
    table.add(
        "outer", r -> r.call("mul.Tensor", r.unsqueeze(r.arg(0), 1), r.unsqueeze(r.arg(1), 0)));
    table.add("addbmm", MatmulDecompositions::plusSummed);
    table.add("addmv", MatmulDecompositions::addmv);
    table.add("inner", MatmulDecompositions::inner);
    table.add("linalg_multi_dot chain_matmul", MatmulDecompositions::chain);
    table.add("bilinear", MatmulDecompositions::bilinear);
    table.add("kron", MatmulDecompositions::kronecker);
    table.add("linalg_cross", r -> cross(r, r.integer(2)));
    table.add("cross", r -> cross(r, r.has(2) ? r.integer(2) : firstOfThree(r)));
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

  /** The products of a batch, summed. */
  private static Arg plusSummed(Rewrite r) {
    Arg products = r.call("bmm", r.arg(1), r.arg(2));
    Arg sum = r.call("mul.Tensor", r.call("sum.dim_IntList", products, Arg.ints(0)), r.arg(4));
    return r.isNumber(3) && r.number(3) == 0
        ? sum
        : r.call("add.Tensor", r.call("mul.Tensor", r.arg(0), r.arg(3)), sum);
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

  private static Arg chain(Rewrite r) {
    List<Arg> factors = r.elements(0);
    Arg product = factors.getFirst();
    for (Arg factor : factors.subList(1, factors.size())) {
      product = matmul(r, product, factor);
    }
    return product;
  }

  /** {@code out[.., o] = x[.., i] * weight[o, i, j] * y[.., j]}. */
  private static Arg bilinear(Rewrite r) {
    List<Dim> weight = r.meta(2).shape();
    List<Dim> shape = new ArrayList<>(r.meta(0).shape());
    Dim rows = Dim.product(shape.subList(0, shape.size() - 1));
    Arg x = r.reshape(r.arg(0), List.of(rows, shape.getLast()));
    Arg y = r.reshape(r.arg(1), List.of(rows, r.meta(1).shape().getLast()));
    Arg flat =
        r.reshape(
            r.permute(r.arg(2), List.of(1, 0, 2)),
            List.of(weight.get(1), weight.get(0).times(weight.get(2))));
    Arg partial = r.reshape(r.call("mm", x, flat), List.of(rows, weight.get(0), weight.get(2)));
    Arg product = r.call("bmm", partial, r.unsqueeze(y, 2));
    shape.set(shape.size() - 1, weight.get(0));
    Arg result = r.reshape(product, shape);
    return r.has(3) ? r.call("add.Tensor", result, r.arg(3)) : result;
  }

  private static Arg kronecker(Rewrite r) {
    int rank = Math.max(r.meta(0).rank(), r.meta(1).rank());
    List<Dim> left = padded(r.meta(0).shape(), rank);
    List<Dim> right = padded(r.meta(1).shape(), rank);
    List<Dim> slow = new ArrayList<>();
    List<Dim> fast = new ArrayList<>();
    List<Dim> merged = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      slow.addAll(List.of(left.get(i), Dim.ONE));
      fast.addAll(List.of(Dim.ONE, right.get(i)));
      merged.add(left.get(i).times(right.get(i)));
    }
    Arg product = r.call("mul.Tensor", r.reshape(r.arg(0), slow), r.reshape(r.arg(1), fast));
    return r.reshape(product, merged);
  }

  private static List<Dim> padded(List<Dim> shape, int rank) {
    List<Dim> all = new ArrayList<>(shape);
    while (all.size() < rank) {
      all.addFirst(Dim.ONE);
    }
    return all;
  }

  private static long firstOfThree(Rewrite r) {
    int axis = r.meta(0).shape().indexOf(Dim.of(3));
    if (axis < 0) {
      throw r.error("no dimension of shape " + r.meta(0).shape() + " has size 3");
    }
    return axis;
  }

  private static Arg cross(Rewrite r, long dim) {
    List<Arg> both = RepeatDecompositions.broadcast(r, List.of(r.arg(0), r.arg(1)));
    int axis = r.axis(dim, r.meta(both.get(0)).rank());
    if (!r.meta(both.get(0)).shape().get(axis).is(3)) {
      throw r.error("dimension %d of shape %s is not 3".formatted(axis, r.meta(0).shape()));
    }
    Arg first =
        r.call("mul.Tensor", turned(r, both.get(0), 1, axis), turned(r, both.get(1), 2, axis));
    Arg second =
        r.call("mul.Tensor", turned(r, both.get(0), 2, axis), turned(r, both.get(1), 1, axis));
    return r.call("sub.Tensor", first, second);
  }

  private static Arg turned(Rewrite r, Arg x, int by, int axis) {
    return r.call("roll", x, Arg.ints(-by), Arg.ints(axis));
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
