package io.ait4j.fx;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

final class ShapeRules {
  private ShapeRules() {}

  static Optional<List<ValueMeta>> infer(
      OpTarget target, List<Arg> args, Function<String, ValueMeta> metaOf) {
    return Optional.empty();
  }
}
