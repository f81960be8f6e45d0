package io.ait4j.compiler;

import io.ait4j.fx.AsyncRun;
import io.ait4j.fx.Device;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.Residency;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.stream.IntStream;

/**
 * A compiled library in this process, with its constants: runs a partition.
 *
 * <p>Safe for use from several threads; as many calls run at once as the machine has processors,
 * the others wait. {@link #close} waits for those under way; every call after it is refused with an
 * {@link IllegalStateException}.
 *
 * <p>All memory is the caller's: tensors are read and written where they lie, and nothing may free
 * them before the call returns, nor constants before {@link #close}. A call allocates nothing, on
 * the Java heap or off it, once as many ran at once as do now; scratch memory ({@link #arenaBytes})
 * is kept from call to call.
 */
public final class AitModule implements AutoCloseable {
  private record Frames(CallFrame inputs, CallFrame outputs, MemorySegment symbols) {}

  /** What a call does once the tensors are told in C's layout. */
  private interface Work {
    void run(NativeLibrary library, MemorySegment symbols, CallFrame inputs, CallFrame outputs);
  }

  private final NativeLibrary library;
  private final ModuleConstants constants;
  private final int places = Runtime.getRuntime().availableProcessors();
  private final Semaphore running = new Semaphore(places, true);
  private final Semaphore changing = new Semaphore(1, true);
  private final ArrayDeque<Frames> frames = new ArrayDeque<>(places);
  private final LateFailures late = new LateFailures();
  private volatile boolean closed;

  private AitModule(NativeLibrary library, ModuleConstants constants) {
    this.library = library;
    this.constants = constants;
  }

  /**
   * Loads a library that is ready to run.
   *
   * @param constants every constant that its runs read, folded ones included, unless the library
   *     brings it; those that only folding reads, to fold anew; others are ignored
   * @throws ModelException if the library cannot be loaded here, or a constant is missing or of
   *     another type
   */
  public static AitModule load(Path library, List<Constant> constants) {
    return load(library, constants, 0);
  }

  /**
   * {@link #load(Path, List)} on one of several GPUs.
   *
   * @param deviceIndex which of them; of no meaning for a library for CPUs
   */
  public static AitModule load(Path library, List<Constant> constants, int deviceIndex) {
    NativeLibrary loaded = NativeLibrary.load(library, deviceIndex);
    try {
      ModuleConstants set = new ModuleConstants(loaded);
      set.load(byName(constants));
      return new AitModule(loaded, set);
    } catch (Throwable e) {
      loaded.close();
      throw e;
    }
  }

  /**
   * Computes the constants that a library folds or packs, once, after it was built.
   *
   * <p>Constants in mapped files, raw or folded, leave memory (not their files) as soon as no later
   * step of folding needs them: a model larger than memory folds.
   *
   * @param constants every constant of the source graph that the library names
   * @param memory gets the folded ones
   * @param lastUses names of the constants that no step after this one reads or writes
   * @return what {@link #load} needs: constants that are kept, and the folded ones
   * @throws ModelException as {@link #load} does
   */
  public static List<Constant> fold(
      Path library,
      List<Constant> constants,
      SegmentAllocator memory,
      LongFunction<List<String>> lastUses) {
    try (NativeLibrary loaded = NativeLibrary.load(library, 0)) {
      Map<String, Constant> byName = byName(constants);
      List<Constant> ready = new ArrayList<>();
      Map<String, MemorySegment> data = new HashMap<>();
      List<Constant> all = new ArrayList<>();
      for (ConstantInfo info : loaded.constants()) {
        Constant constant =
            info.use() == ConstantInfo.Use.FOLDED
                ? new Constant(
                    info.name(),
                    info.dtype(),
                    new long[] {info.bytes() / info.dtype().bytes()},
                    memory.allocate(info.bytes(), 64))
                : ModuleConstants.find(byName, info);
        all.add(constant);
        data.put(info.name(), constant.data());
        if (info.use() != ConstantInfo.Use.FOLDING) {
          ready.add(constant);
        }
      }
      loaded.setConstants(IntStream.range(0, all.size()).toArray(), all);
      loaded.fold(step -> lastUses.apply(step).forEach(name -> Residency.release(data.get(name))));
      Reference.reachabilityFence(constants);
      return List.copyOf(ready);
    }
  }

  private static Map<String, Constant> byName(List<Constant> constants) {
    Map<String, Constant> map = HashMap.newHashMap(constants.size());
    for (Constant constant : constants) {
      map.put(constant.name(), constant);
    }
    return map;
  }

  /**
   * What it knows of constants: all that {@link #setConstants} and {@link #stageConstants} take.
   */
  public List<ConstantInfo> constants() {
    return library.constants();
  }

  /**
   * Gives constants new values, all or none. Runs that begin when this has returned read them,
   * those under way the ones before; no run reads some of both. What folding reads counts there
   * from the next {@link #foldConstants} on.
   *
   * @param values read where they lie, until they are replaced or the module is closed. When this
   *     returns the memory of those that they replace is free
   * @throws ModelException (USAGE) if there is no constant of the name, or it is of another type
   */
  public void setConstants(List<Constant> values) {
    change(() -> constants.set(values));
  }

  /**
   * Folds constants anew from what is set, into memory of the library's; runs go on with what was
   * folded before until it is done.
   *
   * @throws ModelException (USAGE) if a constant that folding reads was given to nobody
   */
  public void foldConstants() {
    change(constants::fold);
  }

  /**
   * {@link #setConstants} into a second set, beside the one that runs read: {@link #swapConstants}
   * makes it theirs. What has not been staged stays what it is.
   */
  public void stageConstants(List<Constant> values) {
    change(() -> constants.stage(values));
  }

  /** {@link #foldConstants} of the second set. */
  public void foldStagedConstants() {
    change(constants::foldStaged);
  }

  /**
   * Makes the second set the one that runs read. When this returns, nothing reads what it replaced,
   * whose memory is free.
   *
   * @throws ModelException (RUN) if nothing is staged, or something that folding reads was staged
   *     and not folded
   */
  public void swapConstants() {
    change(constants::swap);
  }

  /** Frees the memory that calls keep for the next ones. */
  public void trim() {
    change(library::trim);
  }

  /** One at a time, beside runs. */
  private void change(Runnable change) {
    changing.acquireUninterruptibly();
    try {
      requireOpen();
      change.run();
    } finally {
      changing.release();
    }
  }

  /** Where it runs. */
  public Device device() {
    return library.device();
  }

  /** What {@link #run} takes, in its order. */
  public List<TensorSpec> inputs() {
    return library.inputs();
  }

  /** What {@link #run} writes, in its order. */
  public List<TensorSpec> outputs() {
    return library.outputs();
  }

  /**
   * Runs once. Tensors may have any strides; those that differ from the spec's cost a copy that
   * {@link #borderCopyBytes} counts.
   *
   * @param outputs are written in place
   * @throws ModelException if a tensor's number, dtype or sizes are not the library's, or the run
   *     fails
   * @throws IllegalStateException if the module is closed
   */
  public void run(List<NativeTensor> inputs, List<NativeTensor> outputs) {
    run(inputs, outputs, Map.of());
  }

  /**
   * {@link #run(List, List)} of a library that serves a range of sizes.
   *
   * @param symbols value of each symbol of the compiled graph, by its name there; more may be
   *     given, and one that is a size of an input may be left out
   */
  public void run(
      List<NativeTensor> inputs, List<NativeTensor> outputs, Map<String, Long> symbols) {
    call(inputs, outputs, symbols, NativeLibrary::run);
  }

  /**
   * {@link #run(List, List, Map)} on another thread. The lists and tensors are left alone until the
   * future is done, and their memory is not in a confined arena.
   *
   * @param executor whose thread it is; more than the machine has processors only wait
   * @return done when the outputs are written; fails as {@code run} does, if the module is closed
   *     before it begins too. Cancelled or timed out before it begins, it does not run; after that
   *     neither does anything
   */
  public CompletableFuture<Void> runAsync(
      List<NativeTensor> inputs,
      List<NativeTensor> outputs,
      Map<String, Long> symbols,
      Executor executor) {
    return AsyncRun.start(
        () -> {
          run(inputs, outputs, symbols);
          return null;
        },
        executor);
  }

  /**
   * {@link #run(List, List, Map)} on a GPU that only enqueues: every tensor is on the module's
   * device, is there when the stream comes to it, and stays until the stream is done with it.
   *
   * @param stream the driver's, or null's number for the default one
   * @throws ModelException also if an earlier run has failed and nobody has been told
   */
  public void runOn(
      List<NativeTensor> inputs,
      List<NativeTensor> outputs,
      Map<String, Long> symbols,
      long stream) {
    call(
        inputs,
        outputs,
        symbols,
        (library, values, in, out) -> library.runOn(values, in, out, stream));
  }

  /** For {@link #check}: how many failures of enqueued runs have come to light. */
  public long failures() {
    return late.count();
  }

  /**
   * Whether all that was enqueued and is done went well: call it after waiting for the stream. One
   * library's runs on several streams cannot be told apart, so that all of them are told.
   *
   * @param before {@link #failures} as it was before the run was enqueued
   * @param told hears of a run (RUN) that failed since, by an index out of range for example
   * @return the failures that are told by now: what the next check begins with
   */
  public long check(long before, Consumer<ModelException> told) {
    enter();
    try {
      return late.check(before, library::checkDone, told);
    } finally {
      running.release();
    }
  }

  /**
   * Whether runs on a GPU replay a recording of their launches if the same memory comes again. Off
   * at first.
   */
  public void setGraphs(boolean on) {
    change(() -> library.setGraphs(on));
  }

  /**
   * Whether {@link #profile} on a GPU begins each kernel with an empty cache, so that kernels can
   * be compared. Off at first.
   */
  public void setColdProfiles(boolean on) {
    change(() -> library.setColdProfiles(on));
  }

  /**
   * {@link #run(List, List, Map)} that also times each kernel.
   *
   * @return the kernels in the order in which they ran
   */
  public List<KernelProfile> profile(
      List<NativeTensor> inputs, List<NativeTensor> outputs, Map<String, Long> symbols) {
    List<KernelProfile> kernels = new ArrayList<>();
    call(
        inputs,
        outputs,
        symbols,
        (library, values, in, out) -> kernels.addAll(library.profile(values, in, out)));
    return List.copyOf(kernels);
  }

  private void call(
      List<NativeTensor> inputs, List<NativeTensor> outputs, Map<String, Long> symbols, Work work) {
    enter();
    try {
      Frames frame = takeFrames();
      try {
        frame.inputs.set(inputs);
        frame.outputs.set(outputs);
        long stamp = late.begin();
        try {
          work.run(library, values(symbols, frame.symbols), frame.inputs, frame.outputs);
        } catch (ModelException e) {
          late.note(e);
          throw e;
        } finally {
          late.end(stamp);
        }
      } finally {
        giveFrames(frame);
        Reference.reachabilityFence(inputs);
        Reference.reachabilityFence(outputs);
        Reference.reachabilityFence(constants);
      }
    } finally {
      running.release();
    }
  }

  private Frames takeFrames() {
    synchronized (frames) {
      Frames frame = frames.pollFirst();
      if (frame != null) {
        return frame;
      }
    }
    return new Frames(
        new CallFrame("input", library.inputs(), device(), library.arena()),
        new CallFrame("output", library.outputs(), device(), library.arena()),
        library.arena().allocate(8L * library.sizes().size(), 8));
  }

  private void giveFrames(Frames frame) {
    synchronized (frames) {
      frames.addFirst(frame);
    }
  }

  /** Null where the inputs' sizes are to say. */
  private MemorySegment values(Map<String, Long> symbols, MemorySegment values) {
    for (int i = 0; i < library.sizes().size(); i++) {
      Long value = symbols.get(library.sizes().get(i).name());
      if (value == null) {
        return MemorySegment.NULL;
      }
      values.setAtIndex(ValueLayout.JAVA_LONG, i, value);
    }
    return values;
  }

  /**
   * Lets at most this many of the library's threads work on a call.
   *
   * @param threads 0 for one on each processor
   */
  public void setThreads(int threads) {
    if (threads < 0) {
      throw new ModelException(
          ModelException.Kind.USAGE, "threads: expected 0 or more, got " + threads);
    }
    change(() -> library.setThreads(threads));
  }

  /**
   * Bytes of scratch memory that each concurrent call takes at most; -1 if a size without bound
   * decides.
   */
  public long arenaBytes() {
    return number("ait4j_arena_bytes");
  }

  /** Bytes that calls have copied so far because a tensor's strides were not the spec's. */
  public long borderCopyBytes() {
    return number("ait4j_border_copy_bytes");
  }

  private long number(String function) {
    enter();
    try {
      return library.number(function);
    } finally {
      running.release();
    }
  }

  private void enter() {
    running.acquireUninterruptibly();
    try {
      requireOpen();
    } catch (IllegalStateException e) {
      running.release();
      throw e;
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the module is closed");
    }
  }

  /**
   * Waits for calls under way, then unloads the library; the constants' memory is the caller's when
   * this returns, whoever closes it too.
   */
  @Override
  public void close() {
    changing.acquireUninterruptibly();
    running.acquireUninterruptibly(places);
    try {
      if (!closed) {
        closed = true;
        library.close();
      }
    } finally {
      running.release(places);
      changing.release();
    }
  }
}
