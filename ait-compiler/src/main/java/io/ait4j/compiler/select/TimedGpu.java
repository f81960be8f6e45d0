package io.ait4j.compiler.select;

import io.ait4j.compiler.build.CudaTarget;
import io.ait4j.fx.cuda.CudaDevice;
import java.util.Optional;

/**
 * A kind of GPU on which kernels take the same time.
 *
 * @param capability times ten
 * @param clockHertz the highest
 * @param memoryBytesPerSecond what its memory moves at most
 * @param description name and clock, for people
 */
record TimedGpu(
    int capability,
    int multiprocessors,
    double clockHertz,
    double memoryBytesPerSecond,
    String description) {
  /** The first GPU of this machine if it runs what is compiled for {@code target}. */
  static Optional<TimedGpu> of(CudaTarget target) {
    if (!CudaDevice.isAvailable() || CudaDevice.all().isEmpty()) {
      return Optional.empty();
    }
    CudaDevice device = CudaDevice.of(0);
    int capability = device.capability().number();
    String description = "%s, %.0f MHz".formatted(device.name(), device.clockHertz() / 1e6);
    return target.runsOn(capability)
        ? Optional.of(
            new TimedGpu(
                capability,
                device.multiprocessors(),
                device.clockHertz(),
                device.memoryBytesPerSecond(),
                description))
        : Optional.empty();
  }

  /** What tells it from those on which kernels take other times. */
  String kind() {
    return capability + " " + multiprocessors + " " + clockHertz + " " + memoryBytesPerSecond;
  }
}
