package io.ait4j.lower;

import io.ait4j.fx.NativeTensor;
import java.util.Collection;

/**
 * A value during one run.
 *
 * @param owner keeps its memory
 * @param fresh nothing else of the run, of an earlier one or of the module's constants shares this
 *     memory, so it may be given to the caller
 */
record Held(NativeTensor tensor, Owner owner, boolean fresh) {
  /** Lets go of each, though one fails to be freed. */
  static void release(Collection<Held> values) {
    RuntimeException failure = null;
    for (Held value : values) {
      try {
        value.owner.release();
      } catch (RuntimeException e) {
        failure = failure == null ? e : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** Whether two tensors touch a common byte, by their whole reach. */
  static boolean overlap(NativeTensor a, NativeTensor b) {
    return a.device().equals(b.device())
        && array(a) == array(b)
        && a.reachBytes() > 0
        && b.reachBytes() > 0
        && a.address() < b.address() + b.reachBytes()
        && b.address() < a.address() + a.reachBytes();
  }

  /** Whose addresses those of a tensor on the Java heap are; null for all other memory. */
  private static Object array(NativeTensor tensor) {
    return tensor.isOnHeap() ? tensor.data().heapBase().orElse(tensor) : null;
  }
}
