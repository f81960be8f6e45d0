package io.ait4j.fx.rules;

import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;

/** Tensors of random numbers. They are drawn by libtorch, anew in each run. */
final class RandomRules {
  private RandomRules() {}

  static void addTo(RuleTable table) {
    table.add("rand randn", call -> sized(call, call.dims(0), 1, DType.FLOAT32));
    table.add(
        "rand.generator randn.generator", call -> sized(call, call.dims(0), 2, DType.FLOAT32));
    table.add("randint", call -> sized(call, call.dims(1), 2, DType.INT64));
    table.add("randint.low", call -> sized(call, call.dims(2), 3, DType.INT64));
    table.add("randperm", call -> sized(call, List.of(call.dim(0)), 1, DType.INT64));
    table.add("normal.float_float", call -> sized(call, call.dims(2), 4, DType.FLOAT32));
    table.add("rand_like randn_like", call -> like(call, 1, 5));
    table.add("randint_like", call -> like(call, 2, 6));
    table.add("randint_like.low_dtype", call -> like(call, 3, 7));
    table.add(
        "bernoulli bernoulli.p bernoulli.Tensor",
        call -> TensorMeta.contiguous(call.tensor(0).dtype(), call.tensor(0).shape()));
    table.add("multinomial", RandomRules::multinomial);
  }

  private static TensorMeta sized(OpCall call, List<Dim> shape, int dtypeArg, DType otherwise) {
    return TensorMeta.contiguous(call.dtype(dtypeArg).orElse(otherwise), shape);
  }

  private static TensorMeta like(OpCall call, int dtypeArg, int formatArg) {
    TensorMeta self = call.tensor(0);
    TensorMeta typed = self.withDtype(call.dtype(dtypeArg).orElse(self.dtype()));
    return CopyRules.like(call, typed, call.text(formatArg));
  }

  private static TensorMeta multinomial(OpCall call) {
    List<Dim> shape = new ArrayList<>(call.tensor(0).shape());
    if (shape.isEmpty()) {
      throw call.error("a tensor of rank 0 holds no probabilities");
    }
    shape.set(shape.size() - 1, call.dim(1));
    return TensorMeta.contiguous(DType.INT64, shape);
  }
}
