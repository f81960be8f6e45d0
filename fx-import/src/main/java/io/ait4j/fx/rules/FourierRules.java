package io.ait4j.fx.rules;

import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;

/** Fourier transforms. Their results are row-major. */
final class FourierRules {
  /** What a transform takes and gives. */
  private enum Kind {
    COMPLEX,
    FROM_REAL,
    TO_REAL
  }

  private FourierRules() {}

  static void addTo(RuleTable table) {
    table.add("fft_fft fft_ifft", call -> along(call, oneDim(call), Kind.COMPLEX));
    table.add("fft_rfft", call -> along(call, oneDim(call), Kind.FROM_REAL));
    table.add("fft_irfft", call -> along(call, oneDim(call), Kind.TO_REAL));
    table.add(
        "fft_fft2 fft_ifft2 fft_fftn fft_ifftn", call -> along(call, dims(call), Kind.COMPLEX));
    table.add("fft_rfft2 fft_rfftn", call -> along(call, dims(call), Kind.FROM_REAL));
    table.add("fft_irfft2 fft_irfftn", call -> along(call, dims(call), Kind.TO_REAL));
    table.add(
        "_fft_c2c", call -> TensorMeta.contiguous(call.tensor(0).dtype(), call.tensor(0).shape()));
    table.add("_fft_r2c", FourierRules::fromReal);
    table.add("_fft_c2r", FourierRules::toReal);
  }

  private static List<Integer> oneDim(OpCall call) {
    return List.of(call.axis(2, call.tensor(0).rank()));
  }

  /** The dimensions named; else as many of the last ones as there are sizes, or all. */
  private static List<Integer> dims(OpCall call) {
    int rank = call.tensor(0).rank();
    if (call.has(2)) {
      return call.integers(2).stream().map(d -> call.axis(d, rank)).toList();
    }
    int count = call.has(1) ? call.dims(1).size() : rank;
    List<Integer> last = new ArrayList<>();
    for (int i = Math.max(0, rank - count); i < rank; i++) {
      last.add(i);
    }
    return last;
  }

  private static TensorMeta along(OpCall call, List<Integer> axes, Kind kind) {
    TensorMeta self = call.tensor(0);
    List<Dim> shape = new ArrayList<>(self.shape());
    List<Dim> sizes = call.has(1) ? call.dims(1) : List.of();
    for (int i = 0; i < axes.size(); i++) {
      boolean given = i < sizes.size() && !sizes.get(i).is(-1);
      Dim size = given ? sizes.get(i) : shape.get(axes.get(i));
      if (i == axes.size() - 1 && kind != Kind.COMPLEX) {
        size =
            kind == Kind.FROM_REAL
                ? size.floorDiv(2).plus(1)
                : given ? size : size.minus(1).times(2);
      }
      shape.set(axes.get(i), size);
    }
    DType complex = complexOf(self.dtype());
    return TensorMeta.contiguous(
        kind == Kind.TO_REAL ? TypePromotion.realOf(complex) : complex, shape);
  }

  private static DType complexOf(DType dtype) {
    return dtype == DType.FLOAT64 || dtype == DType.COMPLEX128 ? DType.COMPLEX128 : DType.COMPLEX64;
  }

  private static TensorMeta fromReal(OpCall call) {
    TensorMeta self = call.tensor(0);
    List<Dim> shape = new ArrayList<>(self.shape());
    int last = call.axis(call.integers(1).getLast(), self.rank());
    if (call.flag(3)) {
      shape.set(last, shape.get(last).floorDiv(2).plus(1));
    }
    return TensorMeta.contiguous(complexOf(self.dtype()), shape);
  }

  private static TensorMeta toReal(OpCall call) {
    TensorMeta self = call.tensor(0);
    List<Dim> shape = new ArrayList<>(self.shape());
    shape.set(call.axis(call.integers(1).getLast(), self.rank()), call.dim(3));
    return TensorMeta.contiguous(TypePromotion.realOf(self.dtype()), shape);
  }
}
