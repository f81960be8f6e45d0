package io.ait4j.lower.verify;

import io.ait4j.fx.FxValue;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Makes inputs of any size out of recorded ones: each element is one that was recorded of the same
 * input, drawn at random, so that types and ranges are right. The same seed draws the same.
 */
final class DrawnInputs {
  private final List<FxValue> inputs;
  private final List<NativeTensor> recorded;

  DrawnInputs(List<FxValue> inputs, List<NativeTensor> recorded) {
    this.inputs = inputs;
    this.recorded = recorded;
  }

  /**
   * Inputs where the symbols have these values.
   *
   * @param rows how many of the first rows are the recorded ones; 0 for none
   */
  List<NativeTensor> draw(Map<String, Long> sizes, long rows, long seed, Arena arena) {
    SplittableRandom random = new SplittableRandom(seed);
    List<NativeTensor> drawn = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      long[] shape =
          inputs.get(i).meta() instanceof TensorMeta meta ? meta.sizes(sizes) : new long[0];
      drawn.add(draw(recorded.get(i), shape, rows, random, arena));
    }
    return drawn;
  }

  private static NativeTensor draw(
      NativeTensor from, long[] shape, long rows, SplittableRandom random, Arena arena) {
    int bytes = from.dtype().bytes();
    long count = 1;
    for (long size : shape) {
      count *= size;
    }
    MemorySegment data = arena.allocate(Math.max(1, count * bytes), 64);
    long kept = rows == 0 || shape.length == 0 || shape[0] == 0 ? 0 : rows * (count / shape[0]);
    MemorySegment.copy(from.data(), 0, data, 0, kept * bytes);
    long choices = from.numel();
    for (long i = kept; i < count && choices > 0; i++) {
      MemorySegment.copy(from.data(), random.nextLong(choices) * bytes, data, i * bytes, bytes);
    }
    return NativeTensor.contiguous(from.dtype(), shape, data);
  }
}
