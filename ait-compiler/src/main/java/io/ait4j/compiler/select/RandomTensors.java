package io.ait4j.compiler.select;

import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Halves;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.cuda.CudaStream;
import io.ait4j.fx.cuda.DeviceTensors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Tensors on a GPU to time kernels with: normally distributed numbers, which cost power as real
 * ones do; zeros where numbers may be indices, so that they are in range.
 */
final class RandomTensors {
  /** Different numbers; larger tensors repeat them, since drawing takes longer than timing. */
  private static final long DRAWN = (1 << 20) + 24;

  private final Map<String, Long> sizes;
  private final CudaStream stream;
  private final Arena arena;
  private final Random random = new Random(0);

  RandomTensors(Map<String, Long> sizes, CudaStream stream, Arena arena) {
    this.sizes = sizes;
    this.stream = stream;
    this.arena = arena;
  }

  /** Whatever the memory holds: for what is only written. */
  NativeTensor undefined(Buffer buffer) {
    return DeviceTensors.allocate(
        buffer.dtype(), values(buffer.shape()), values(buffer.strides()), stream, arena);
  }

  NativeTensor of(Buffer buffer) {
    NativeTensor tensor = undefined(buffer);
    long elements = NativeTensor.reach(values(buffer.shape()), values(buffer.strides()));
    if (elements > 0) {
      try (Arena local = Arena.ofConfined()) {
        DType dtype = buffer.dtype();
        MemorySegment data = local.allocate(elements * dtype.bytes(), 64);
        fill(data, dtype, Math.min(elements, DRAWN));
        repeat(data, DRAWN * dtype.bytes());
        long[] flat = {elements};
        long[] one = {1};
        DeviceTensors.upload(
            new NativeTensor(dtype, flat, one, data),
            DeviceTensors.at(tensor.address(), dtype, flat, one, stream.device()),
            stream);
        stream.synchronize();
      }
    }
    return tensor;
  }

  private long[] values(List<Dim> dims) {
    return dims.stream().mapToLong(dim -> dim.evaluate(sizes)).toArray();
  }

  private static void repeat(MemorySegment data, long period) {
    for (long at = period; at < data.byteSize(); at += period) {
      MemorySegment.copy(data, 0, data, at, Math.min(period, data.byteSize() - at));
    }
  }

  private void fill(MemorySegment data, DType dtype, long elements) {
    for (long i = 0; i < elements; i++) {
      if (dtype == DType.FLOAT32) {
        data.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian());
      } else if (dtype == DType.FLOAT64) {
        data.setAtIndex(ValueLayout.JAVA_DOUBLE, i, random.nextGaussian());
      } else if (Halves.isHalf(dtype)) {
        short bits = (short) Halves.bits(dtype, random.nextGaussian());
        data.setAtIndex(ValueLayout.JAVA_SHORT, i, bits);
      } else if (dtype == DType.BOOL) {
        data.set(ValueLayout.JAVA_BYTE, i, (byte) (random.nextBoolean() ? 1 : 0));
      } else {
        return; // zeros
      }
    }
  }
}
