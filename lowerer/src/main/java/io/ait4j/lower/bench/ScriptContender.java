package io.ait4j.lower.bench;

import io.ait4j.fallback.ScriptModule;
import io.ait4j.fallback.ScriptModule.Preparation;
import io.ait4j.fallback.TorchModule;
import io.ait4j.fallback.TorchResult;
import io.ait4j.fx.Device;
import io.ait4j.fx.NativeTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A TorchScript file in libtorch's interpreter, without gradients. */
final class ScriptContender implements Contender {
  private final String name;
  private final ScriptModule module;
  private final List<NativeTensor> samples;
  private final Set<Integer> written;

  /**
   * Loads it.
   *
   * @param written the inputs that the model writes to, by their place
   * @param device where it runs
   */
  ScriptContender(
      String name,
      Path model,
      List<NativeTensor> inputs,
      Set<Integer> written,
      int threads,
      Preparation preparation,
      Device device) {
    this.name = name;
    samples = inputs;
    this.written = written;
    TorchModule.setThreads(threads);
    module = new ScriptModule(model, inputs, preparation, device);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void restore() {
    written.forEach(input -> module.set(input, samples.get(input)));
  }

  @Override
  public void run() {
    module.run();
  }

  @Override
  public List<NativeTensor> outputs(Arena arena) {
    restore();
    try (TorchResult result = module.outputs()) {
      List<NativeTensor> copies = new ArrayList<>();
      for (NativeTensor output : result.outputs()) {
        MemorySegment memory = arena.allocate(Math.max(1, output.data().byteSize()), 64);
        memory.copyFrom(output.data());
        copies.add(new NativeTensor(output.dtype(), output.sizes(), output.strides(), memory));
      }
      return copies;
    }
  }

  @Override
  public void close() {
    module.close();
  }
}
