package io.ait4j.examples.soak;

import io.ait4j.fx.NativeTensor;
import io.ait4j.lower.LoweredModule;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/**
 * A module, inputs, and what it made of them when it ran alone.
 *
 * @param file that it was loaded from
 */
record Recorded(
    Path file, LoweredModule module, List<NativeTensor> inputs, List<NativeTensor> outputs) {
  /** What the module makes of the inputs now. */
  static Recorded of(Path file, List<NativeTensor> inputs, Arena arena) {
    LoweredModule module = LoweredModule.load(file);
    module.warmUp();
    return new Recorded(file, module, inputs, module.run(inputs, arena));
  }

  /** Tensors for the outputs. */
  List<NativeTensor> empty(Arena arena) {
    return outputs.stream().map(output -> empty(output, arena)).toList();
  }

  static NativeTensor empty(NativeTensor like, Arena arena) {
    return new NativeTensor(
        like.dtype(), like.sizes(), like.strides(), arena.allocate(like.reachBytes(), 64));
  }

  static NativeTensor copy(NativeTensor tensor, Arena arena) {
    NativeTensor copy = empty(tensor, arena);
    copy.data().copyFrom(tensor.data().asSlice(0, tensor.reachBytes()));
    return copy;
  }

  /**
   * @throws AssertionError unless these are the outputs, to the bit
   */
  void check(List<NativeTensor> results) {
    for (int i = 0; i < outputs.size(); i++) {
      long bytes = outputs.get(i).reachBytes();
      MemorySegment result = results.get(i).data();
      if (MemorySegment.mismatch(outputs.get(i).data(), 0, bytes, result, 0, bytes) >= 0) {
        throw new AssertionError(file.getFileName() + ": output " + i + " is another");
      }
    }
  }
}
