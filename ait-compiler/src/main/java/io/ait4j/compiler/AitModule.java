package io.ait4j.compiler;

import io.ait4j.compiler.NativeLibrary.ConstantSpec;
import io.ait4j.compiler.NativeLibrary.Role;
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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongFunction;

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
  private final List<Constant> constants;
  private final int places = Runtime.getRuntime().availableProcessors();
  private final Semaphore running = new Semaphore(places, true);
  private final ArrayDeque<Frames> frames = new ArrayDeque<>(places);
  private final AtomicBoolean closed = new AtomicBoolean();
  private final LateFailures late = new LateFailures();

  private AitModule(NativeLibrary library, List<Constant> constants) {
    this.library = library;
    this.constants = constants;
  }

  /**
   * Loads a library that is ready to run.
   *
   * @param constants every constant that its runs read, folded ones included; others are ignored
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
      Map<String, Constant> byName = byName(constants);
      for (int i = 0; i < loaded.constants().size(); i++) {
        ConstantSpec spec = loaded.constants().get(i);
        if (spec.role() != Role.RAW_FOLD_ONLY) {
          loaded.setConstant(i, find(byName, spec).data());
        }
      }
      return new AitModule(loaded, List.copyOf(constants));
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
      for (int i = 0; i < loaded.constants().size(); i++) {
        ConstantSpec spec = loaded.constants().get(i);
        Constant constant =
            spec.role() == Role.FOLDED
                ? new Constant(
                    spec.name(),
                    spec.dtype(),
                    new long[] {spec.bytes() / spec.dtype().bytes()},
                    memory.allocate(spec.bytes(), 64))
                : find(byName, spec);
        loaded.setConstant(i, constant.data());
        data.put(spec.name(), constant.data());
        if (spec.role() != Role.RAW_FOLD_ONLY) {
          ready.add(constant);
        }
      }
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

  private static Constant find(Map<String, Constant> constants, ConstantSpec spec) {
    Constant constant = constants.get(spec.name());
    if (constant == null) {
      throw new ModelException(
          ModelException.Kind.USAGE, "constant " + spec.name() + " is missing");
    }
    if (constant.dtype() != spec.dtype() || constant.data().byteSize() != spec.bytes()) {
      throw new ModelException(
          ModelException.Kind.USAGE,
          "constant "
              + spec.name()
              + ": expected "
              + spec.bytes()
              + " bytes of "
              + spec.dtype().torchName()
              + ", got "
              + constant.data().byteSize()
              + " of "
              + constant.dtype().torchName());
    }
    return constant;
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
   *     before it begins too
   */
  public CompletableFuture<Void> runAsync(
      List<NativeTensor> inputs,
      List<NativeTensor> outputs,
      Map<String, Long> symbols,
      Executor executor) {
    return CompletableFuture.runAsync(() -> run(inputs, outputs, symbols), executor);
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
    enter();
    try {
      library.setGraphs(on);
    } finally {
      running.release();
    }
  }

  /**
   * Whether {@link #profile} on a GPU begins each kernel with an empty cache, so that kernels can
   * be compared. Off at first.
   */
  public void setColdProfiles(boolean on) {
    enter();
    try {
      library.setColdProfiles(on);
    } finally {
      running.release();
    }
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
    enter();
    try {
      library.setThreads(threads);
    } finally {
      running.release();
    }
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
    if (closed.get()) {
      running.release();
      throw new IllegalStateException("the module is closed");
    }
  }

  /** Waits for calls under way, then unloads the library; the constants' memory is the caller's. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    running.acquireUninterruptibly(places);
    try {
      library.close();
    } finally {
      running.release(places);
    }
  }
}
