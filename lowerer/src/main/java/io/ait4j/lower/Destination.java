package io.ait4j.lower;

import io.ait4j.fx.DType;
import io.ait4j.fx.NativeTensor;
import java.util.List;
import java.util.Map;

/**
 * Where what a run returns goes. Of one run.
 *
 * @param <R> what the caller gets
 */
interface Destination<R> {
  /**
   * Before anything runs.
   *
   * @param symbols what those in the outputs' sizes stand for
   * @throws io.ait4j.fx.ModelException (USAGE) if the outputs cannot go there
   */
  default void begin(Map<String, Long> symbols) {}

  /**
   * Memory of the caller's that a library may write a value of the run into; null if it is the
   * run's to find some.
   */
  NativeTensor direct(String name, DType dtype, long[] sizes, long[] strides, Place place);

  /** What the caller gets; nothing of it may share memory with what the run goes on to free. */
  R collect(Execution run, List<OutputSource> outputs);

  /** What is copied into the caller's memory last, when nothing reads the inputs any more. */
  default List<Transfer> transfers(Execution run, List<OutputSource> outputs) {
    return List.of();
  }

  /** Frees what the caller will not get because the run failed after {@link #collect}. */
  default void abandon(R results) {}
}
