package io.ait4j.fx.rules;

import io.ait4j.fx.TensorMeta;

/** The type of an operator's only result. */
@FunctionalInterface
interface Rule {
  TensorMeta apply(OpCall call);
}
