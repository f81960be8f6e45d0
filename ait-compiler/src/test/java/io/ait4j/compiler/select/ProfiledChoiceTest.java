package io.ait4j.compiler.select;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.compiler.AitCompiler;
import io.ait4j.compiler.AitModule;
import io.ait4j.compiler.CompileReport.KernelReport;
import io.ait4j.compiler.CompiledPartition;
import io.ait4j.compiler.CompilerSettings;
import io.ait4j.compiler.Precision;
import io.ait4j.compiler.build.CudaTarget;
import io.ait4j.compiler.select.KernelChoice.Considered;
import io.ait4j.compiler.select.KernelChoice.How;
import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.Weight;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Products in half precision, chosen on this machine's GPU; needs nvcc. */
@Tag("gpu")
@EnabledIf(
    value = "io.ait4j.fx.cuda.CudaDevice#isAvailable",
    disabledReason = "no NVIDIA GPU, or no driver for it")
class ProfiledChoiceTest {
  private static final int ROWS = 96;
  private static final int WIDTH = 256;

  @TempDir private Path folder;
  private final Arena arena = Arena.ofShared();
  private final Random random = new Random(1);

  @AfterEach
  void free() {
    arena.close();
  }

  private MemorySegment numbers(int count) {
    MemorySegment data = arena.allocate(count * 4L, 64);
    for (int i = 0; i < count; i++) {
      data.setAtIndex(ValueLayout.JAVA_FLOAT, i, random.nextFloat() - 0.5f);
    }
    return data;
  }

  private FxGraph products() {
    FxGraphBuilder builder = new FxGraphBuilder(null);
    Arg value = builder.input("x", TensorMeta.contiguous(DType.FLOAT32, ROWS, WIDTH));
    for (int i = 0; i < 3; i++) {
      TensorMeta meta = TensorMeta.contiguous(DType.FLOAT32, WIDTH, WIDTH);
      Arg weight = builder.attribute(new Weight("w" + i, meta, numbers(WIDTH * WIDTH)));
      value = builder.call("aten::linear", value, weight, Arg.NONE);
    }
    return builder.build(List.of(value));
  }

  private CompiledPartition compiled(FxGraph graph, Profiling profiling) {
    CompilerSettings settings =
        CompilerSettings.defaults()
            .withTarget(CudaTarget.ofThisMachine())
            .withPrecision(Precision.FP16)
            .withCacheDir(folder)
            .withProfiling(profiling);
    return new AitCompiler(settings).compile(graph, arena::allocate);
  }

  private static List<KernelChoice> choices(CompiledPartition partition) {
    return partition.report().kernels().stream()
        .map(KernelReport::choice)
        .filter(Objects::nonNull)
        .toList();
  }

  private float[] run(CompiledPartition partition, MemorySegment x) {
    MemorySegment y = arena.allocate(ROWS * WIDTH * 4L, 64);
    long[] sizes = {ROWS, WIDTH};
    try (AitModule module = AitModule.load(partition.library(), partition.constants())) {
      module.run(
          List.of(NativeTensor.contiguous(DType.FLOAT32, sizes, x)),
          List.of(NativeTensor.contiguous(DType.FLOAT32, sizes, y)));
    }
    return y.toArray(ValueLayout.JAVA_FLOAT);
  }

  @Test
  void theFastestIsTakenRememberedAndComputesTheSame() {
    FxGraph graph = products();
    CompiledPartition profiled = compiled(graph, Profiling.LIKELY);
    assertThat(choices(profiled))
        .isNotEmpty()
        .allSatisfy(
            choice -> {
              assertThat(choice.how()).isEqualTo(How.PROFILED);
              assertThat(choice.candidates()).extracting(Considered::micros).allMatch(t -> t > 0);
            });
    CompiledPartition again = compiled(graph, Profiling.LIKELY);
    assertThat(again.library()).isEqualTo(profiled.library());
    assertThat(choices(again)).extracting(KernelChoice::how).containsOnly(How.CACHE);
    CompiledPartition expected = compiled(graph, Profiling.OFF);
    assertThat(choices(expected)).extracting(KernelChoice::how).containsOnly(How.COST_MODEL);
    MemorySegment x = numbers(ROWS * WIDTH);
    float[] one = run(profiled, x);
    float[] other = run(expected, x);
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < one.length; i++) {
      difference += Math.pow(one[i] - other[i], 2);
      norm += Math.pow(other[i], 2);
    }
    assertThat(Math.sqrt(difference / norm)).isLessThan(1e-3);
    assertThat(norm).isPositive();
  }
}
