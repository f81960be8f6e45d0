package io.ait4j.lower.bench;

import io.ait4j.fx.NativeTensor;
import io.ait4j.lower.LoadSettings;
import io.ait4j.lower.LoweredModule;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;

/** An {@code .aitm} file in a {@link LoweredModule}. */
final class AitContender implements Contender {
  private final LoweredModule module;
  private final List<NativeTensor> inputs;

  AitContender(Path aitm, List<NativeTensor> inputs, int threads, Path cacheDir) {
    module = LoweredModule.load(aitm, new LoadSettings(cacheDir, threads));
    this.inputs = inputs;
  }

  @Override
  public String name() {
    return "ait4j";
  }

  @Override
  public void run() {
    try (Arena arena = Arena.ofConfined()) {
      module.run(inputs, arena);
    }
  }

  @Override
  public List<NativeTensor> outputs(Arena arena) {
    return module.run(inputs, arena);
  }

  @Override
  public void close() {
    module.close();
  }
}
