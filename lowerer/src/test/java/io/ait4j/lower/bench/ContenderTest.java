package io.ait4j.lower.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.fallback.ScriptModule.Preparation;
import io.ait4j.fx.DType;
import io.ait4j.fx.Device;
import io.ait4j.fx.InputSpec;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.reader.ImportSettings;
import io.ait4j.lower.LoadSettings;
import io.ait4j.lower.LowerSettings;
import io.ait4j.lower.LoweredModule;
import io.ait4j.lower.ModelConversion;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.QualifiedName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Contenders with a model that writes to its input. */
class ContenderTest {
  private static final List<NativeTensor> INPUTS = List.of(readOnly(1, 2, 3), readOnly(10, 20, 30));

  @TempDir private Path folder;

  private static NativeTensor readOnly(float... values) {
    return NativeTensor.contiguous(
        DType.FLOAT32,
        new long[] {values.length},
        Arena.ofAuto().allocateFrom(ValueLayout.JAVA_FLOAT, values).asReadOnly());
  }

  private Path model() {
    Path file = folder.resolve("model.pt");
    try (JitModule module = new JitModule(new QualifiedName("Writer"))) {
      module.define("def forward(self, x, cache):\n  cache.add_(x)\n  return cache * 2\n");
      module.save(file.toString());
    }
    return file;
  }

  private static void sameEachTime(Contender contender) {
    try (contender;
        Arena arena = Arena.ofConfined()) {
      for (int i = 0; i < 2; i++) {
        List<NativeTensor> outputs = contender.outputs(arena);
        assertThat(outputs).hasSize(1);
        assertThat(outputs.getFirst().data().toArray(ValueLayout.JAVA_FLOAT))
            .containsExactly(22, 44, 66);
        contender.run();
        contender.run();
      }
    }
    assertThat(INPUTS.get(1).data().get(ValueLayout.JAVA_FLOAT, 0)).isEqualTo(10);
  }

  @Test
  void oursRestoresWhatItWrote() {
    Path aitm = folder.resolve("model.aitm");
    InputSpec x = new InputSpec("x", TensorMeta.contiguous(DType.FLOAT32, 3));
    InputSpec cache = new InputSpec("cache", TensorMeta.contiguous(DType.FLOAT32, 3));
    LowerSettings settings = LowerSettings.DEFAULT.withCacheDir(folder.resolve("cache"));
    ModelConversion.convert(
        model(), ImportSettings.of(List.of(x, cache)), settings, aitm, step -> {});
    AitContender contender =
        new AitContender(
            LoweredModule.load(aitm, new LoadSettings(settings.cacheDir(), 1)), INPUTS);
    sameEachTime(contender);
  }

  @Test
  void libtorchsDoesToo() {
    for (Preparation preparation : Preparation.values()) {
      sameEachTime(
          new ScriptContender("libtorch", model(), INPUTS, Set.of(1), 1, preparation, Device.CPU));
    }
  }
}
