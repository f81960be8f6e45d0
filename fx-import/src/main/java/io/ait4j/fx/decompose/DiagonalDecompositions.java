package io.ait4j.fx.decompose;

import static io.ait4j.fx.Arg.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;

/** Matrices from their diagonals. */
final class DiagonalDecompositions {
  private DiagonalDecompositions() {}

  static void addTo(DecompositionTable table) {
    table.add("diag_embed", r -> embedded(r, r.integer(1), r.integer(2), r.integer(3)));
    table.add("diagflat", DiagonalDecompositions::flat);
    table.add("diag", DiagonalDecompositions::diag);
    table.add("trace", r -> r.call("sum", r.call("diagonal", r.arg(0))));
    table.add("diagonal_scatter", DiagonalDecompositions::scattered);
  }

  private static Arg diag(Rewrite r) {
    return r.meta(0).rank() == 1
        ? embedded(r, r.integer(1), -2, -1)
        : r.call("diagonal", r.arg(0), r.arg(1));
  }

  private static Arg flat(Rewrite r) {
    Arg vector = r.reshape(r.arg(0), List.of(r.meta(0).numel()));
    return r.call("diag_embed", vector, r.arg(1));
  }

  private static Arg embedded(Rewrite r, long offset, long dim1, long dim2) {
    TensorMeta self = r.meta(0);
    int rank = self.rank() + 1;
    int first = r.axis(dim1, rank);
    int second = r.axis(dim2, rank);
    if (first == second) {
      throw r.error("both dimensions are " + first);
    }
    Dim size = self.shape().getLast().plus(Math.abs(offset));
    Arg long1 = r.call("constant_pad_nd", r.arg(0), Arg.ints(0, Math.abs(offset)));
    // Above the main diagonal the row counts, below it the column.
    Arg spread = r.unsqueeze(long1, offset >= 0 ? -1 : -2);
    Arg zero = self.dtype() == DType.BOOL ? of(false) : of(0);
    Arg matrix = r.call("where.self", onDiagonal(r, size, size, offset), spread, zero);
    List<Integer> order = Rewrite.range(0, rank - 2);
    boolean ascending = first < second;
    order.add(Math.min(first, second), ascending ? rank - 2 : rank - 1);
    order.add(Math.max(first, second), ascending ? rank - 1 : rank - 2);
    return r.permute(matrix, order);
  }

  private static Arg onDiagonal(Rewrite r, Dim rows, Dim columns, long offset) {
    Arg column = ConstructorDecompositions.arange(r, columns);
    Arg row = r.unsqueeze(ConstructorDecompositions.arange(r, rows), 1);
    return r.call("eq.Scalar", r.call("sub.Tensor", column, row), of(offset));
  }

  /** The new diagonal, spread over whole matrices, where they are to have it. */
  private static Arg scattered(Rewrite r) {
    int rank = r.meta(0).rank();
    int first = r.axis(r.integer(3), rank);
    int second = r.axis(r.integer(4), rank);
    long offset = r.integer(2);
    List<Integer> order = Rewrite.range(0, rank);
    order.removeAll(List.of(first, second));
    order.add(first);
    order.add(second);
    Arg matrices = r.permute(r.arg(0), order);
    List<Dim> shape = r.meta(matrices).shape();
    Dim rows = shape.get(rank - 2);
    Dim columns = shape.get(rank - 1);
    Dim along = offset >= 0 ? rows : columns;
    Arg source = r.cast(r.arg(1), r.meta(0).dtype());
    Dim missing = along.minus(r.meta(source).shape().getLast());
    Arg padded = r.call("constant_pad_nd", source, Arg.ofDims(List.of(Dim.ZERO, missing)));
    Arg spread = r.unsqueeze(padded, offset >= 0 ? -1 : -2);
    Arg written = r.call("where.self", onDiagonal(r, rows, columns, offset), spread, matrices);
    List<Integer> back = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      back.add(order.indexOf(i));
    }
    return r.permute(written, back);
  }
}
