package io.ait4j.fx.rules;

import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;

/** Systems of equations and what belongs to them. */
final class LinearAlgebraRules {
  private LinearAlgebraRules() {}

  static void addTo(RuleTable table) {
    table.add("linalg_det", call -> TensorMeta.contiguous(square(call).dtype(), batch(call)));
    table.addMany(
        "linalg_slogdet",
        call -> {
          TensorMeta each = TensorMeta.contiguous(square(call).dtype(), batch(call));
          return List.of(each, each.withDtype(TypePromotion.realOf(each.dtype())));
        });
    table.add("linalg_inv linalg_cholesky", call -> columnMajor(square(call)));
    table.addMany("linalg_inv_ex linalg_cholesky_ex", LinearAlgebraRules::withStatus);
    table.addMany("linalg_eigh", LinearAlgebraRules::eigen);
    table.add("pdist _pdist_forward", LinearAlgebraRules::pairs);
  }

  private static TensorMeta square(OpCall call) {
    TensorMeta self = call.tensor(0);
    int rank = self.rank();
    if (rank < 2 || !self.dtype().isFloating() && !self.dtype().isComplex()) {
      throw call.error(self + " holds no matrices of floating-point numbers");
    }
    if (!self.shape().get(rank - 1).equals(self.shape().get(rank - 2))) {
      throw call.unequal(
          "matrices of shape " + self.shape() + " are not square",
          self.shape().get(rank - 2),
          self.shape().get(rank - 1));
    }
    return self;
  }

  private static List<Dim> batch(OpCall call) {
    return call.tensor(0).shape().subList(0, call.tensor(0).rank() - 2);
  }

  private static List<TensorMeta> withStatus(OpCall call) {
    TensorMeta result = columnMajor(square(call));
    return List.of(result, TensorMeta.contiguous(DType.INT32, batch(call)));
  }

  private static List<TensorMeta> eigen(OpCall call) {
    TensorMeta self = square(call);
    List<Dim> values = self.shape().subList(0, self.rank() - 1);
    return List.of(
        TensorMeta.contiguous(TypePromotion.realOf(self.dtype()), values), columnMajor(self));
  }

  /** The layout that LAPACK writes. */
  private static TensorMeta columnMajor(TensorMeta self) {
    List<Dim> strides = new ArrayList<>(TensorMeta.contiguousStrides(self.shape()));
    strides.add(strides.remove(self.rank() - 2));
    return new TensorMeta(self.dtype(), self.shape(), strides);
  }

  private static TensorMeta pairs(OpCall call) {
    TensorMeta self = call.tensor(0);
    if (self.rank() != 2) {
      throw call.error("the input has shape " + self.shape() + ", not two dimensions");
    }
    Dim n = self.shape().getFirst();
    Dim pairs = n.times(n.minus(1)).floorDiv(2);
    return TensorMeta.contiguous(self.dtype(), List.of(pairs));
  }
}
