package io.ait4j.lower;

import io.ait4j.fx.FxValue;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A lowered model, ready to run: its partitions in order over shared buffers. libtorch is loaded
 * only if a partition runs on it.
 *
 * <p>Any number of threads may run it at once. Intermediate tensors are freed at their last use.
 */
public final class LoweredModule implements AutoCloseable {
  private final Arena file;
  private final ModuleParts parts;
  private final Set<String> returned = new HashSet<>();
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  LoweredModule(Arena file, ModuleParts parts) {
    this.file = file;
    this.parts = parts;
    for (OutputSource output : parts.outputs()) {
      if (output instanceof OutputSource.Value(String name)) {
        returned.add(name);
      }
    }
  }

  /** Loads {@code file} with {@link LoadSettings#DEFAULT}. */
  public static LoweredModule load(Path file) {
    return load(file, LoadSettings.DEFAULT);
  }

  /**
   * Maps {@code file}, unpacks its libraries into the cache folder and loads them.
   *
   * @throws ModelException (IMPORT) if the file is not a whole {@code .aitm} or nothing in it fits
   *     this machine, (IO) if the cache folder cannot be written, (RUN) if a library or libtorch
   *     cannot be loaded
   */
  public static LoweredModule load(Path file, LoadSettings settings) {
    Arena arena = Arena.ofShared();
    try {
      return new LoweredModule(arena, AitmFile.map(file, arena).load(settings));
    } catch (Throwable e) {
      arena.close();
      throw e;
    }
  }

  /** Names and types of the inputs, in order. */
  public List<FxValue> inputs() {
    return parts.inputs();
  }

  /** How many tensors a run yields; {@code output0}, {@code output1}... in files. */
  public int outputCount() {
    return parts.outputs().size();
  }

  /** How the model was split, and why. */
  public LoweringReport report() {
    return parts.report();
  }

  /**
   * Bytes that all runs so far copied at borders between partitions because a value did not have
   * the strides it was compiled for.
   */
  public long borderCopiesBytes() {
    return parts.steps().stream().mapToLong(LoadedPartition::borderCopyBytes).sum();
  }

  /**
   * Runs once.
   *
   * @param inputs in order; dtypes and shapes must be those of {@link #inputs()}, strides are free;
   *     only read
   * @param arena what the outputs live in, each in memory of its own
   * @return the outputs, in order; a number that is not a tensor comes as a 0-d tensor
   * @throws ModelException (USAGE) naming the input that does not fit, (RUN) naming the partition
   *     that failed
   */
  public List<NativeTensor> run(List<NativeTensor> inputs, Arena arena) {
    InputCheck.check(parts.inputs(), inputs);
    lock.readLock().lock();
    try (Execution run = new Execution(returned, arena)) {
      if (closed) {
        throw new IllegalStateException("the module is closed");
      }
      for (int i = 0; i < inputs.size(); i++) {
        run.put(parts.inputs().get(i).name(), new Held(inputs.get(i), Owner.OUTSIDE, false));
      }
      parts.steps().forEach(step -> step.execute(run));
      return run.collect(parts.outputs());
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Waits for runs under way, then unloads. Outputs stay valid. */
  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        parts.steps().forEach(LoadedPartition::close);
        file.close();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
