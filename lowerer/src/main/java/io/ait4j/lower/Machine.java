package io.ait4j.lower;

import io.ait4j.compiler.build.CudaTarget;
import io.ait4j.compiler.build.Target;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.cuda.CudaDevice;
import java.nio.file.Path;

/** Whether this machine can run what was compiled for a target. */
final class Machine {
  private Machine() {}

  /**
   * The GPU that a file's target asks for; null if it runs on the CPU.
   *
   * @throws ModelException (RUN) if this machine lacks it
   */
  static Gpu gpu(String target, Path file, int index) {
    if (!(Target.parse(target) instanceof CudaTarget wanted)) {
      return null; // each library refuses a processor that lacks its instructions
    }
    CudaDevice device = device(wanted, file, index);
    int capability = device.capability().number();
    if (!wanted.runsOn(capability)) {
      throw lacks(
          file,
          wanted,
          device + " is another; convert it for cuda:" + device.capability().architecture());
    }
    return new Gpu(device);
  }

  private static CudaDevice device(CudaTarget wanted, Path file, int index) {
    try {
      return CudaDevice.of(index);
    } catch (ModelException e) {
      throw lacks(file, wanted, e.getMessage());
    }
  }

  private static ModelException lacks(Path file, CudaTarget wanted, String why) {
    return new ModelException(
        ModelException.Kind.RUN,
        "%s is compiled for %s and cannot run here: %s"
            .formatted(file.getFileName(), wanted.spelling(), why));
  }
}
