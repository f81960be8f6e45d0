package io.ait4j.examples.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.compiler.AitCompiler;
import io.ait4j.compiler.CompileReport;
import io.ait4j.compiler.CompilerSettings;
import io.ait4j.compiler.Precision;
import io.ait4j.compiler.build.CudaTarget;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.TensorMeta;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is timed is what the table says: kernels of the problem, nothing beside them. */
class SuiteTest {
  private static final AitCompiler COMPILER =
      new AitCompiler(
          CompilerSettings.defaults()
              .withTarget(new CudaTarget(List.of("sm_90a")))
              .withPrecision(Precision.FP16));

  @ParameterizedTest
  @EnumSource
  void aCopyIsOneKernelOnTensorsOfItsOwn(Suite suite) {
    for (Problem problem : suite.problems()) {
      if (problem.weight().numel().value() > 1 << 20 || problem.name().contains(" 3@")) {
        continue; // memory; and a stem's image is laid out anew
      }
      try (Arena arena = Arena.ofShared()) {
        MemorySegment random = arena.allocate(1000, 64);
        FxGraph graph = Built.graph(problem, 3, random, arena);
        assertThat(graph.outputNames())
            .extracting(name -> graph.values().get(name).meta())
            .allSatisfy(
                meta ->
                    assertThat(((TensorMeta) meta).shape()).isEqualTo(problem.output().shape()));
        CompileReport report = COMPILER.plan(graph);
        assertThat(report.kernels()).as(problem.name()).hasSize(3);
        assertThat(report.kernels())
            .extracting(CompileReport.KernelReport::choice)
            .doesNotContainNull();
      }
    }
  }
}
