package io.ait4j.web.infer;

import io.ait4j.fx.Dim;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.TensorMeta;
import io.ait4j.lower.LoweredModule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the symbol that may be a model's batch: the first size of all that goes in or out. */
final class BatchSymbol {
  private BatchSymbol() {}

  static Optional<Dim.Symbol> of(LoweredModule module) {
    List<TensorMeta> types = new ArrayList<>();
    for (FxValue input : module.inputs()) {
      types.add(input.meta() instanceof TensorMeta type ? type : null);
    }
    module.outputTypes().forEach(type -> types.add(type.orElse(null)));
    return module.symbols().stream()
        .filter(symbol -> types.stream().allMatch(type -> leads(symbol, type)))
        .findFirst();
  }

  /** Whether it is the first size and no other. */
  private static boolean leads(Dim.Symbol symbol, TensorMeta type) {
    return type != null
        && type.rank() > 0
        && type.shape().getFirst().equals(Dim.of(symbol))
        && type.shape().stream().skip(1).noneMatch(size -> size.symbols().contains(symbol));
  }
}
