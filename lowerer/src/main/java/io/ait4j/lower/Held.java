package io.ait4j.lower;

import io.ait4j.fx.NativeTensor;
import java.lang.foreign.MemorySegment;

/**
 * A value during one run.
 *
 * @param owner keeps its memory
 * @param fresh nothing else of the run, of an earlier one or of the module's constants shares this
 *     memory, so it may be given to the caller
 */
record Held(NativeTensor tensor, Owner owner, boolean fresh) {
  /** Whether two tensors touch a common byte, by their whole reach. */
  static boolean overlap(NativeTensor a, NativeTensor b) {
    return overlap(a, b.data().asSlice(0, bytes(b)));
  }

  /** Whether a tensor touches a byte of {@code memory}. */
  static boolean overlap(NativeTensor tensor, MemorySegment memory) {
    long at = tensor.data().address();
    long bytes = bytes(tensor);
    return bytes > 0
        && memory.byteSize() > 0
        && at < memory.address() + memory.byteSize()
        && memory.address() < at + bytes;
  }

  private static long bytes(NativeTensor tensor) {
    return NativeTensor.reach(tensor.sizes(), tensor.strides()) * tensor.dtype().bytes();
  }
}
