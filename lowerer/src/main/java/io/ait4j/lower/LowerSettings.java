package io.ait4j.lower;

import io.ait4j.compiler.AitCompiler;
import io.ait4j.compiler.CompilerSettings;
import io.ait4j.compiler.Precision;
import io.ait4j.compiler.build.CpuTarget;
import io.ait4j.compiler.build.Target;
import io.ait4j.compiler.select.Profiling;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * How to lower a graph. Start from {@link #DEFAULT} and replace what differs.
 *
 * @param target what to compile for
 * @param precision in which floating-point numbers are kept
 * @param io in which types callers pass and get them
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
 * @param constants which of a model's weights can be set anew in what it is lowered to
 * @param profiling whether kernels of GPUs are timed to choose among them where there is one
 */
public record LowerSettings(
    Target target,
    Precision precision,
    IoPrecision io,
    int minPartitionSize,
    Set<String> excludedOps,
    Set<String> excludedNodes,
    Path cacheDir,
    int threads,
    boolean requireFull,
    State state,
    Set<String> withoutPasses,
    boolean reuse,
    Constants constants,
    Profiling profiling) {

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

  /** Which weights the file keeps. */
  public enum Constants {
    /** What runs read: weights as they are, or what was folded and packed from them. */
    BOUND,
    /** Also every weight that only folding reads, so that new ones can be set and folded. */
    UPDATABLE;

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
          IoPrecision.OF_MODEL,
          1,
          Set.of(),
          Set.of(),
          CompilerSettings.defaultCacheDir(),
          0,
          false,
          State.SESSION,
          Set.of(),
          true,
          Constants.BOUND,
          Profiling.LIKELY);

  public LowerSettings {
    Objects.requireNonNull(target);
    Objects.requireNonNull(precision);
    Objects.requireNonNull(io);
    Objects.requireNonNull(state);
    Objects.requireNonNull(cacheDir);
    Objects.requireNonNull(constants);
    Objects.requireNonNull(profiling);
    excludedOps = Set.copyOf(excludedOps);
    excludedNodes = Set.copyOf(excludedNodes);
    withoutPasses = Set.copyOf(withoutPasses);
    if (minPartitionSize < 0 || threads < 0) {
      throw new IllegalArgumentException(
          "negative: minPartitionSize " + minPartitionSize + " or threads " + threads);
    }
  }

  public LowerSettings withTarget(Target other) {
    return with(draft -> draft.target = other);
  }

  public LowerSettings withPrecision(Precision other) {
    return with(draft -> draft.precision = other);
  }

  public LowerSettings withIo(IoPrecision types) {
    return with(draft -> draft.io = types);
  }

  public LowerSettings withMinPartitionSize(int size) {
    return with(draft -> draft.minPartitionSize = size);
  }

  public LowerSettings withExcludedOps(Set<String> ops) {
    return with(draft -> draft.excludedOps = ops);
  }

  public LowerSettings withExcludedNodes(Set<String> nodes) {
    return with(draft -> draft.excludedNodes = nodes);
  }

  public LowerSettings withCacheDir(Path dir) {
    return with(draft -> draft.cacheDir = dir);
  }

  public LowerSettings withThreads(int count) {
    return with(draft -> draft.threads = count);
  }

  public LowerSettings withRequireFull(boolean require) {
    return with(draft -> draft.requireFull = require);
  }

  public LowerSettings withState(State where) {
    return with(draft -> draft.state = where);
  }

  public LowerSettings withoutPasses(Set<String> names) {
    return with(draft -> draft.withoutPasses = names);
  }

  public LowerSettings withReuse(boolean use) {
    return with(draft -> draft.reuse = use);
  }

  public LowerSettings withConstants(Constants kept) {
    return with(draft -> draft.constants = kept);
  }

  public LowerSettings withProfiling(Profiling other) {
    return with(draft -> draft.profiling = other);
  }

  private LowerSettings with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.settings();
  }

  /** Settings of which some are about to change. */
  private static final class Draft {
    private Target target;
    private Precision precision;
    private IoPrecision io;
    private int minPartitionSize;
    private Set<String> excludedOps;
    private Set<String> excludedNodes;
    private Path cacheDir;
    private int threads;
    private boolean requireFull;
    private State state;
    private Set<String> withoutPasses;
    private boolean reuse;
    private Constants constants;
    private Profiling profiling;

    private Draft(LowerSettings from) {
      target = from.target;
      precision = from.precision;
      io = from.io;
      minPartitionSize = from.minPartitionSize;
      excludedOps = from.excludedOps;
      excludedNodes = from.excludedNodes;
      cacheDir = from.cacheDir;
      threads = from.threads;
      requireFull = from.requireFull;
      state = from.state;
      withoutPasses = from.withoutPasses;
      reuse = from.reuse;
      constants = from.constants;
      profiling = from.profiling;
    }

    private LowerSettings settings() {
      return new LowerSettings(
          target,
          precision,
          io,
          minPartitionSize,
          excludedOps,
          excludedNodes,
          cacheDir,
          threads,
          requireFull,
          state,
          withoutPasses,
          reuse,
          constants,
          profiling);
    }
  }
}
