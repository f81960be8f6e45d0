package io.ait4j.fx.rules;

import io.ait4j.fx.TensorMeta;
import java.util.List;

/** The types of all of an operator's results. */
@FunctionalInterface
interface RuleOfMany {
  List<TensorMeta> apply(OpCall call);
}
