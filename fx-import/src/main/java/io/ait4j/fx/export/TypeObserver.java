package io.ait4j.fx.export;

import io.ait4j.fx.ValueMeta;

/** Is told the type that each value of the program got, beside the file's. */
@FunctionalInterface
interface TypeObserver {
  /**
   * @param fromFile null if the file does not give one that the inputs determine
   */
  void typed(String value, String target, ValueMeta inferred, io.ait4j.fx.TensorMeta fromFile);

  TypeObserver NONE = (value, target, inferred, fromFile) -> {};
}
