package io.ait4j.lower.bench;

import io.ait4j.fx.NativeTensor;
import io.ait4j.lower.LoweredModule;
import java.lang.foreign.Arena;
import java.util.List;

/** An {@code .aitm} file in a {@link LoweredModule}. */
final class AitContender implements Contender {
  private final LoweredModule module;
  private final Arena own = Arena.ofShared();
  private final List<NativeTensor> samples;
  private final List<NativeTensor> inputs;

  /**
   * Takes the module over, which runs on the CPU.
   *
   * @param inputs row-major; those that the model writes to are copied
   */
  AitContender(LoweredModule module, List<NativeTensor> inputs) {
    this.module = module;
    samples = inputs;
    this.inputs = module.writable(inputs, own);
  }

  @Override
  public String name() {
    return "ait4j";
  }

  @Override
  public void restore() {
    for (int input : module.writtenInputs()) {
      inputs.get(input).data().copyFrom(samples.get(input).data());
    }
  }

  @Override
  public void run() {
    try (Arena arena = Arena.ofConfined()) {
      module.run(inputs, arena);
    }
  }

  @Override
  public List<NativeTensor> outputs(Arena arena) {
    restore();
    return module.run(inputs, arena);
  }

  @Override
  public void close() {
    module.close();
    own.close();
  }
}
