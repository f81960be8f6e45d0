package io.ait4j.fx.memory;

import io.ait4j.fx.Arg;
import java.util.Optional;

/** What an operator of a source program yields. */
public sealed interface Result {
  record Tensor(TensorRef ref) implements Result {}

  /** A constant, or a value of the graph that is no tensor: a number, a list of unknown length. */
  record Plain(Arg arg) implements Result {}

  default Optional<TensorRef> tensor() {
    return this instanceof Tensor(TensorRef ref) ? Optional.of(ref) : Optional.empty();
  }
}
