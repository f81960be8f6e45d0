package io.ait4j.examples.sweep;

import io.ait4j.compiler.AitModule;
import io.ait4j.fx.DType;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.cuda.CudaDevice;
import io.ait4j.fx.cuda.CudaEvent;
import io.ait4j.fx.cuda.CudaStream;
import io.ait4j.fx.cuda.DeviceTensors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Times libraries on the first GPU, their launches replayed from a graph. */
final class KernelClock {
  private static final int WARM_UP = 4; // the second run is recorded
  private static final double WARM_MILLIS = 100; // an idle GPU takes its time to reach full speed
  private static final int RUNS = 11;

  private final CudaDevice device = CudaDevice.of(0);
  private final MemorySegment random;

  /**
   * @param random numbers for inputs, any length
   */
  KernelClock(MemorySegment random) {
    this.random = random;
  }

  /** The median time of one copy, in microseconds. */
  double micros(Built built) {
    try (AitModule module =
            AitModule.load(built.partition().library(), built.partition().constants());
        CudaStream stream = device.stream();
        Arena arena = Arena.ofShared();
        CudaEvent begin = CudaEvent.timed(device);
        CudaEvent end = CudaEvent.timed(device)) {
      module.setGraphs(true);
      List<NativeTensor> inputs = new ArrayList<>();
      List<NativeTensor> outputs = new ArrayList<>();
      for (int i = 0; i < built.copies(); i++) {
        inputs.add(tensor(built.problem().input(), stream, arena));
        outputs.add(tensor(module.outputs().get(i).meta(), stream, arena));
      }
      List<Double> millis = new ArrayList<>();
      long before = module.failures();
      double warm = 0;
      for (int i = 0; millis.size() < RUNS; i++) {
        stream.record(begin);
        module.runOn(inputs, outputs, Map.of(), stream.handle());
        stream.record(end);
        end.synchronize();
        double took = end.millisSince(begin);
        if (i >= WARM_UP && warm >= WARM_MILLIS) {
          millis.add(took);
        }
        warm += took;
      }
      module.check(
          before,
          failure -> {
            throw failure;
          });
      return millis.stream().sorted().toList().get(RUNS / 2) * 1e3 / built.copies();
    }
  }

  private NativeTensor tensor(TensorMeta meta, CudaStream stream, Arena arena) {
    long[] sizes = meta.shape().stream().mapToLong(d -> d.value()).toArray();
    long[] strides = meta.strides().stream().mapToLong(d -> d.value()).toArray();
    try (Arena local = Arena.ofConfined()) {
      MemorySegment data = local.allocate(meta.numel().value() * DType.FLOAT16.bytes(), 64);
      Built.repeat(random, data);
      NativeTensor host = new NativeTensor(meta.dtype(), sizes, strides, data);
      NativeTensor copy = DeviceTensors.toDevice(host, stream, arena);
      stream.synchronize();
      return copy;
    }
  }
}
