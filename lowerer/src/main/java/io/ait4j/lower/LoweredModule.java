package io.ait4j.lower;

import io.ait4j.fx.Device;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.cuda.CudaStream;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiConsumer;

/**
 * A lowered model, ready to run: its partitions in order over shared buffers. libtorch is loaded
 * only if a partition runs on it.
 *
 * <p>Sizes of the inputs may be symbols ({@link #symbols}), and the model may have state: see
 * {@link #session}.
 *
 * <p>Any number of threads may run it at once. Intermediate tensors are freed at their last use.
 */
public final class LoweredModule implements AutoCloseable {
  private final Arena file;
  private final ModuleParts parts;
  private final ModuleInterface face;
  private final InputCheck check;
  private final Set<String> returned = new HashSet<>();
  private final LongAdder writtenBytes = new LongAdder();
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final long[] checked;
  private boolean closed;

  LoweredModule(Arena file, ModuleParts parts) {
    this.file = file;
    this.parts = parts;
    this.face = parts.face();
    this.check = new InputCheck(face);
    this.checked = failures();
    for (ModuleInterface.Output output : face.outputs()) {
      if (output.source() instanceof OutputSource.Value(String name)) {
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
      return new LoweredModule(arena, AitmFile.map(file, arena).load(settings, arena));
    } catch (Throwable e) {
      arena.close();
      throw e;
    }
  }

  /** Where it runs. */
  public Device device() {
    return parts.gpu() == null ? Device.CPU : parts.gpu().device().device();
  }

  /**
   * What all runs so far copied between the host and the device: inputs and outputs only, unless a
   * partition on libtorch made something on the host.
   */
  public HostDeviceCopies hostDeviceCopies() {
    return parts.gpu() == null ? HostDeviceCopies.NONE : parts.gpu().copies();
  }

  /**
   * Whether compiled partitions on a GPU replay a recording of their launches when the same memory
   * comes again, which takes less of the processor's time. Off at first; a module on the CPU has
   * none.
   */
  public void setGraphs(boolean on) {
    if (parts.gpu() == null) {
      return;
    }
    parts.steps().forEach(step -> step.step().setGraphs(on));
  }

  /** Names and types of the inputs, in order. */
  public List<FxValue> inputs() {
    return face.inputs();
  }

  /**
   * Names of the outputs, in order; {@code output0}, {@code output1}... if the model has none for
   * them.
   */
  public List<String> outputNames() {
    return face.outputs().stream().map(ModuleInterface.Output::name).toList();
  }

  /** What sizes may differ from run to run, each with its bounds; none for a static model. */
  public Set<Dim.Symbol> symbols() {
    return check.binding().symbols();
  }

  /**
   * What the symbols stand for if the module runs on these inputs.
   *
   * @throws ModelException (USAGE) naming the input, or the guard, that does not fit
   */
  public Map<String, Long> sizes(List<NativeTensor> inputs) {
    return Map.copyOf(check.symbols(inputs));
  }

  /** Which inputs the model writes to, by their place; callers pass such tensors writable. */
  public Set<Integer> writtenInputs() {
    Set<Integer> written = new TreeSet<>();
    face.writes().forEach(write -> written.add(write.input()));
    return written;
  }

  /**
   * The inputs, those that the model writes to in memory of {@code arena} that it may write to: for
   * tensors of a mapped file.
   */
  public List<NativeTensor> writable(List<NativeTensor> inputs, Arena arena) {
    Set<Integer> written = writtenInputs();
    List<NativeTensor> safe = new ArrayList<>(inputs);
    for (int i = 0; i < inputs.size(); i++) {
      if (written.contains(i)) {
        safe.set(i, Tensors.copy(inputs.get(i), bytes -> arena.allocate(Math.max(1, bytes), 64)));
      }
    }
    return safe;
  }

  /** How the model was split, and why. */
  public LoweringReport report() {
    return parts.report();
  }

  /**
   * Bytes that all runs so far copied at borders between partitions because a value did not have
   * the strides it was compiled for, and back into inputs that the model writes to.
   */
  public long borderCopiesBytes() {
    return writtenBytes.sum()
        + parts.steps().stream().mapToLong(LoadedPartition::borderCopyBytes).sum();
  }

  /** Begins a series of runs that share the model's state. */
  public Session session() {
    return new Session(this, face.states());
  }

  /**
   * Runs once. A model that has state begins with its first values, as in a fresh {@link #session}.
   *
   * <p>A module on a GPU copies inputs there and outputs back, each once, and waits.
   *
   * @param inputs in order; dtypes and shapes must be those of {@link #inputs()}, strides are free;
   *     only read, but for those that the model itself writes to, which must be writable; on the
   *     host, or on the module's device with nothing left to be done on them
   * @param arena what the outputs live in, each in memory of its own
   * @return the outputs, in order, on the host; a number that is not a tensor comes as a 0-d tensor
   * @throws ModelException (USAGE) naming the input that does not fit, or the size and the guard
   *     that it breaks; (RUN) naming the partition that failed
   */
  public List<NativeTensor> run(List<NativeTensor> inputs, Arena arena) {
    try (SessionState state = new SessionState(face.states())) {
      return run(inputs, arena, state);
    }
  }

  /**
   * Runs once, as {@link #run} does, and says what each kernel took.
   *
   * @return the kernels in the order in which they ran
   */
  public List<KernelTime> profile(List<NativeTensor> inputs) {
    List<KernelTime> times = new ArrayList<>();
    try (SessionState state = new SessionState(face.states());
        Arena arena = Arena.ofShared()) {
      run(
          inputs,
          arena,
          state,
          (partition, run) ->
              partition
                  .profile(run)
                  .forEach(kernel -> times.add(report().time(partition.name(), kernel))));
    }
    return times;
  }

  List<NativeTensor> run(List<NativeTensor> inputs, Arena arena, SessionState state) {
    return run(inputs, arena, state, LoadedPartition::execute);
  }

  private List<NativeTensor> run(
      List<NativeTensor> inputs,
      Arena arena,
      SessionState state,
      BiConsumer<LoadedPartition, Execution> way) {
    if (parts.gpu() == null) {
      return run(inputs, arena, state, way, Place.HOST);
    }
    CudaStream stream = parts.gpu().take();
    try {
      return run(inputs, arena, state, way, Place.andBack(parts.gpu().link(stream)));
    } finally {
      parts.gpu().give(stream);
    }
  }

  /**
   * Runs once on the module's GPU, and returns as soon as the work is enqueued. A model that has
   * state begins with its first values.
   *
   * <p>What fails on the device later is told by {@link #check}.
   *
   * @param inputs in order, on the module's device, where they must stay until the stream is done;
   *     those on the host are copied there first
   * @param stream in whose order everything happens, of the module's device
   * @param arena what the outputs live in, each in memory of its own on the device; it frees them
   *     in the stream's order, when no other stream may use them any more
   * @return the outputs, in order, on the module's device
   * @throws ModelException as {@link #run} does, and (USAGE) if the module runs on the CPU or on
   *     another GPU
   */
  public List<NativeTensor> runOnDevice(List<NativeTensor> inputs, CudaStream stream, Arena arena) {
    try (SessionState state = new SessionState(face.states())) {
      return runOnDevice(inputs, stream, arena, state);
    }
  }

  List<NativeTensor> runOnDevice(
      List<NativeTensor> inputs, CudaStream stream, Arena arena, SessionState state) {
    if (!stream.device().device().equals(device())) {
      throw new ModelException(
          ModelException.Kind.USAGE,
          "the stream is of %s, and the module runs on %s"
              .formatted(stream.device().device(), device()));
    }
    Place place = Place.onDevice(parts.gpu().link(stream));
    return run(inputs, arena, state, LoadedPartition::execute, place);
  }

  private List<NativeTensor> run(
      List<NativeTensor> inputs,
      Arena arena,
      SessionState state,
      BiConsumer<LoadedPartition, Execution> way,
      Place place) {
    Map<String, Long> symbols = check.check(inputs, device());
    lock.readLock().lock();
    long[] failures = failures();
    try (Execution run = new Execution(returned, symbols, arena, place)) {
      if (closed) {
        throw new IllegalStateException("the module is closed");
      }
      for (int i = 0; i < inputs.size(); i++) {
        run.put(face.inputs().get(i).name(), new Held(inputs.get(i), Owner.OUTSIDE, false));
      }
      state.enter(run);
      parts.steps().forEach(step -> way.accept(step, run));
      List<NativeTensor> results =
          run.collect(face.outputs().stream().map(ModuleInterface.Output::source).toList());
      List<Held> next = state.next(run);
      try {
        write(run, inputs); // last: outputs and state may be views of the inputs
        if (place.results() != place.work()) {
          place.finish();
          LoadedPartition.check(parts.steps(), failures);
        }
      } catch (Throwable e) {
        Held.release(next);
        throw e;
      }
      state.replace(next, run);
      return results;
    } catch (RuntimeException e) {
      settle(place, failures, e);
      throw e;
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Leaves nothing of a run that failed for the next to be told. */
  private void settle(Place place, long[] failures, RuntimeException why) {
    if (!closed && place.results() != place.work()) {
      try {
        place.finish();
        LoadedPartition.check(parts.steps(), failures);
      } catch (ModelException e) {
        why.addSuppressed(e);
      }
    }
  }

  private long[] failures() {
    return parts.steps().stream().mapToLong(step -> step.step().failures()).toArray();
  }

  /**
   * Whether everything that {@link #runOnDevice} enqueued so far, and that is done, went well: call
   * it after waiting for the stream.
   *
   * @throws ModelException (RUN) naming the partition that failed since the last check; the results
   *     of runs since then are worth nothing
   */
  public synchronized void check() {
    LoadedPartition.check(parts.steps(), checked);
  }

  private void write(Execution run, List<NativeTensor> inputs) {
    // What is written may be a view of another input that is written too.
    List<Held> contents = new ArrayList<>();
    try {
      for (ModuleInterface.Write write : face.writes()) {
        NativeTensor content = run.tensor(write.content());
        boolean isSafe = inputs.stream().noneMatch(input -> Held.overlap(content, input));
        contents.add(
            isSafe
                ? new Held(content, Owner.OUTSIDE, false)
                : run.place().of(content).copy(content));
      }
      for (int i = 0; i < contents.size(); i++) {
        NativeTensor to = inputs.get(face.writes().get(i).input());
        run.place().of(to).assign(contents.get(i).tensor(), to);
        writtenBytes.add(to.numel() * to.dtype().bytes());
      }
    } finally {
      Held.release(contents);
    }
  }

  /** A copy of a value on the host, once what {@code stream} has to do with it is done. */
  NativeTensor toHost(NativeTensor tensor, CudaStream stream, Arena arena) {
    Memory host =
        stream == null || tensor.device().isCpu()
            ? HostMemory.ALONE
            : new HostMemory(parts.gpu().link(stream));
    return host.copy(tensor, arena);
  }

  /** Waits for runs under way, then unloads. Outputs stay valid. */
  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        if (parts.gpu() != null) {
          parts.gpu().finish(); // what is enqueued still reads constants and weights
        }
        parts.steps().forEach(LoadedPartition::close);
        file.close();
        if (parts.gpu() != null) {
          parts.gpu().close();
        }
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
