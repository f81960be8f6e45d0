package io.ait4j.lower.bench;

import io.ait4j.fx.NativeTensor;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.OptionalLong;

/** A model loaded into one runtime, with its inputs in place. */
interface Contender extends AutoCloseable {
  String name();

  /** Puts back what an inference wrote to its inputs; before each, and not timed. */
  void restore();

  /** One inference, its outputs discarded; this is what is timed. */
  void run();

  /** What the last {@link #run} took by a GPU's own clock; empty on the CPU. */
  default OptionalLong deviceNanos() {
    return OptionalLong.empty();
  }

  /** One inference on restored inputs, its outputs in {@code arena}. */
  List<NativeTensor> outputs(Arena arena);

  @Override
  void close();
}
