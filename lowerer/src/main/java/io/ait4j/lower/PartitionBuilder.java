package io.ait4j.lower;

import io.ait4j.compiler.CompileReport;
import io.ait4j.compiler.CompiledPartition;
import io.ait4j.compiler.build.BuildProgress;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.OperatorSupport;
import java.lang.foreign.SegmentAllocator;

/** Makes a library of a partition. */
interface PartitionBuilder {
  /** What it takes. */
  OperatorSupport support();

  /**
   * Fails if it cannot build anything here.
   *
   * @throws ModelException (COMPILE) if there is no C++ compiler
   */
  void requireCompiler();

  /** What would become of a partition; builds nothing and needs no C++ compiler. */
  CompileReport plan(FxGraph graph);

  /**
   * Builds one partition.
   *
   * @param memory holds constants that are made on the way
   * @param progress hears how many of its source files are compiled
   * @throws ModelException (COMPILE) if it cannot be built
   */
  CompiledPartition build(FxGraph graph, SegmentAllocator memory, BuildProgress progress);
}
