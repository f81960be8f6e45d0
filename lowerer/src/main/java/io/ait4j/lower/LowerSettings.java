package io.ait4j.lower;

import io.ait4j.compiler.AitCompiler;
import io.ait4j.compiler.CompilerSettings;
import io.ait4j.compiler.build.CpuTarget;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;

/**
 * How to lower a graph. Start from {@link #DEFAULT} and replace what differs.
 *
 * @param target processor to compile for
 * @param precision in which floating-point work is done
 * @param minPartitionSize the fewest nodes for which a compiled partition is worth its borders
 * @param excludedOps operators left to libtorch: {@code aten::add} for all overloads, {@code
 *     aten::add.Tensor} for one
 * @param excludedNodes names of nodes left to libtorch
 * @param cacheDir where compiled libraries are remembered
 * @param threads most C++ compilers that run at once; 0 is one for each available processor
 * @param requireFull whether a partition on libtorch is an error
 * @param state where a model's state lives
 * @param withoutPasses names of {@link AitCompiler#passes} that the compiler is to leave out
 * @param reuse whether what was compiled and converted before is taken from the cache folder, and
 *     what is new kept there
 */
public record LowerSettings(
    CpuTarget target,
    Precision precision,
    int minPartitionSize,
    Set<String> excludedOps,
    Set<String> excludedNodes,
    Path cacheDir,
    int threads,
    boolean requireFull,
    State state,
    Set<String> withoutPasses,
    boolean reuse) {

  /** Where the buffers live that a model writes. */
  public enum State {
    /** In a {@link Session}, or in a single run. */
    SESSION,
    /** With the caller: they are inputs and outputs after the model's own. */
    EXTERNAL;

    /** As the command line spells it. */
    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** Floating-point type that work is done in. */
  public enum Precision {
    FP32;

    /** As the command line spells it. */
    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** This machine, as the source graph computes, everything compiled that can be. */
  public static final LowerSettings DEFAULT =
      new LowerSettings(
          CpuTarget.NATIVE,
          Precision.FP32,
          1,
          Set.of(),
          Set.of(),
          CompilerSettings.defaultCacheDir(),
          0,
          false,
          State.SESSION,
          Set.of(),
          true);

  public LowerSettings {
    Objects.requireNonNull(target);
    Objects.requireNonNull(precision);
    Objects.requireNonNull(state);
    Objects.requireNonNull(cacheDir);
    excludedOps = Set.copyOf(excludedOps);
    excludedNodes = Set.copyOf(excludedNodes);
    withoutPasses = Set.copyOf(withoutPasses);
    if (minPartitionSize < 0 || threads < 0) {
      throw new IllegalArgumentException(
          "negative: minPartitionSize " + minPartitionSize + " or threads " + threads);
    }
  }

  public LowerSettings withTarget(CpuTarget cpu) {
    return new LowerSettings(
        cpu,
        precision,
        minPartitionSize,
        excludedOps,
        excludedNodes,
        cacheDir,
        threads,
        requireFull,
        state,
        withoutPasses,
        reuse);
  }

  public LowerSettings withMinPartitionSize(int size) {
    return new LowerSettings(
        target,
        precision,
        size,
        excludedOps,
        excludedNodes,
        cacheDir,
        threads,
        requireFull,
        state,
        withoutPasses,
        reuse);
  }

  public LowerSettings withExcludedOps(Set<String> ops) {
    return new LowerSettings(
        target,
        precision,
        minPartitionSize,
        ops,
        excludedNodes,
        cacheDir,
        threads,
        requireFull,
        state,
        withoutPasses,
        reuse);
  }

  public LowerSettings withExcludedNodes(Set<String> nodes) {
    return new LowerSettings(
        target,
        precision,
        minPartitionSize,
        excludedOps,
        nodes,
        cacheDir,
        threads,
        requireFull,
        state,
        withoutPasses,
        reuse);
  }

  public LowerSettings withCacheDir(Path dir) {
    return new LowerSettings(
        target,
        precision,
        minPartitionSize,
        excludedOps,
        excludedNodes,
        dir,
        threads,
        requireFull,
        state,
        withoutPasses,
        reuse);
  }

  public LowerSettings withThreads(int count) {
    return new LowerSettings(
        target,
        precision,
        minPartitionSize,
        excludedOps,
        excludedNodes,
        cacheDir,
        count,
        requireFull,
        state,
        withoutPasses,
        reuse);
  }

  public LowerSettings withRequireFull(boolean require) {
    return new LowerSettings(
        target,
        precision,
        minPartitionSize,
        excludedOps,
        excludedNodes,
        cacheDir,
        threads,
        require,
        state,
        withoutPasses,
        reuse);
  }

  public LowerSettings withState(State where) {
    return new LowerSettings(
        target,
        precision,
        minPartitionSize,
        excludedOps,
        excludedNodes,
        cacheDir,
        threads,
        requireFull,
        where,
        withoutPasses,
        reuse);
  }

  public LowerSettings withoutPasses(Set<String> names) {
    return new LowerSettings(
        target,
        precision,
        minPartitionSize,
        excludedOps,
        excludedNodes,
        cacheDir,
        threads,
        requireFull,
        state,
        names,
        reuse);
  }

  public LowerSettings withReuse(boolean use) {
    return new LowerSettings(
        target,
        precision,
        minPartitionSize,
        excludedOps,
        excludedNodes,
        cacheDir,
        threads,
        requireFull,
        state,
        withoutPasses,
        use);
  }
}
