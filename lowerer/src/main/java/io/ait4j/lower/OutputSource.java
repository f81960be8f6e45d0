package io.ait4j.lower;

import io.ait4j.fx.NativeTensor;

/** Where an output of a module comes from. */
sealed interface OutputSource {
  /** An input of the module, or what a partition computes. */
  record Value(String name) implements OutputSource {}

  /** A number or weight that does not depend on the inputs. */
  record Constant(NativeTensor tensor) implements OutputSource {}
}
