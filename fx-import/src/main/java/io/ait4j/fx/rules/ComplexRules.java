package io.ait4j.fx.rules;

import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;

/** Complex numbers and their parts. */
final class ComplexRules {
  private ComplexRules() {}

  static void addTo(RuleTable table) {
    table.add("complex polar", ComplexRules::fromParts);
    table.add("real imag", ComplexRules::part);
    table.add("conj _conj", call -> call.tensor(0));
    table.add("view_as_real", ComplexRules::asReal);
    table.add("view_as_complex", ComplexRules::asComplex);
  }

  private static DType complexOf(OpCall call, DType real) {
    return switch (real) {
      case FLOAT32 -> DType.COMPLEX64;
      case FLOAT64 -> DType.COMPLEX128;
      default -> throw call.error("complex numbers of " + real.torchName() + " are not supported");
    };
  }

  private static TensorMeta fromParts(OpCall call) {
    List<TensorMeta> parts = List.of(call.tensor(0), call.tensor(1));
    return PointwiseLayout.result(call, complexOf(call, parts.getFirst().dtype()), parts);
  }

  private static TensorMeta part(OpCall call) {
    TensorMeta self = call.tensor(0);
    return self.dtype().isComplex()
        ? new TensorMeta(TypePromotion.realOf(self.dtype()), self.shape(), doubled(self.strides()))
        : self;
  }

  private static List<Dim> doubled(List<Dim> strides) {
    return strides.stream().map(s -> s.times(2)).toList();
  }

  private static TensorMeta asReal(OpCall call) {
    TensorMeta self = call.tensor(0);
    if (!self.dtype().isComplex()) {
      throw call.error(self.dtype().torchName() + " is not complex");
    }
    List<Dim> shape = new ArrayList<>(self.shape());
    List<Dim> strides = new ArrayList<>(doubled(self.strides()));
    shape.add(Dim.of(2));
    strides.add(Dim.ONE);
    return new TensorMeta(TypePromotion.realOf(self.dtype()), shape, strides);
  }

  private static TensorMeta asComplex(OpCall call) {
    TensorMeta self = call.tensor(0);
    if (self.rank() == 0 || !self.shape().getLast().is(2) || !self.strides().getLast().is(1)) {
      throw call.error("the last dimension of " + self + " does not hold pairs");
    }
    List<Dim> strides = new ArrayList<>();
    for (Dim stride : self.strides().subList(0, self.rank() - 1)) {
      if (!stride.mod(2).is(0)) {
        throw call.unequal("a stride of " + self + " is odd", stride.mod(2), Dim.ZERO);
      }
      strides.add(stride.floorDiv(2));
    }
    return new TensorMeta(
        complexOf(call, self.dtype()), self.shape().subList(0, self.rank() - 1), strides);
  }
}
