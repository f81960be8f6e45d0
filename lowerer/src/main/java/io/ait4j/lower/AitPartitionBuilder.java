package io.ait4j.lower;

import io.ait4j.compiler.AitCompiler;
import io.ait4j.compiler.CompileReport;
import io.ait4j.compiler.CompiledPartition;
import io.ait4j.compiler.CompilerSettings;
import io.ait4j.compiler.build.BuildProgress;
import io.ait4j.compiler.build.LibraryBuilder;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.OperatorSupport;
import java.lang.foreign.SegmentAllocator;

/** The compiler, as the settings want it. */
final class AitPartitionBuilder implements PartitionBuilder {
  private final CompilerSettings settings;
  private final AitCompiler compiler;

  AitPartitionBuilder(LowerSettings lowering) {
    settings = settings(lowering);
    compiler = new AitCompiler(settings);
  }

  /** What the compiler is told of the settings. */
  static CompilerSettings settings(LowerSettings lowering) {
    int jobs =
        lowering.threads() > 0 ? lowering.threads() : Runtime.getRuntime().availableProcessors();
    return new CompilerSettings(
        lowering.target(),
        lowering.precision(),
        lowering.reuse() ? lowering.cacheDir() : null,
        jobs,
        null,
        lowering.withoutPasses(),
        lowering.profiling());
  }

  @Override
  public OperatorSupport support() {
    return compiler.support();
  }

  @Override
  public void requireCompiler() {
    LibraryBuilder.of(settings);
  }

  @Override
  public CompileReport plan(FxGraph graph) {
    return compiler.plan(graph);
  }

  @Override
  public CompiledPartition build(FxGraph graph, SegmentAllocator memory, BuildProgress progress) {
    return compiler.compile(graph, memory, progress);
  }
}
