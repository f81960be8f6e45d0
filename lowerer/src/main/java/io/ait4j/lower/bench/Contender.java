package io.ait4j.lower.bench;

import io.ait4j.fx.NativeTensor;
import java.lang.foreign.Arena;
import java.util.List;

/** A model loaded into one runtime, with its inputs in place. */
interface Contender extends AutoCloseable {
  String name();

  /** Puts back what an inference wrote to its inputs; before each, and not timed. */
  void restore();

  /** One inference, its outputs discarded; this is what is timed. */
  void run();

  /** One inference on restored inputs, its outputs in {@code arena}. */
  List<NativeTensor> outputs(Arena arena);

  @Override
  void close();
}
