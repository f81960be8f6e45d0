package io.ait4j.lower;

import io.ait4j.fx.AsyncRun;
import io.ait4j.fx.Device;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorExchange;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.cuda.CudaStream;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * A lowered model, ready to run: its partitions in order over shared buffers. libtorch is loaded
 * only if a partition runs on it.
 *
 * <p>Sizes of the inputs may be symbols ({@link #symbols}), and the model may have state: see
 * {@link #session}.
 *
 * <p>Any number of threads may run it at once. Intermediate tensors are freed at their last use.
 *
 * <p><b>Whose memory it is.</b> Inputs are the caller's: a run reads them where they lie, never
 * keeps them, and nothing may free or change them before it returns ({@link #runOnDevice}: before
 * the stream is done; {@link #runAsync}: before the future is). Those on the Java heap are copied
 * first, which {@link #heapCopiesBytes} counts. Outputs are fresh memory that shares nothing with
 * inputs, the module or other outputs, outlives the module, and is freed by
 *
 * <ul>
 *   <li>the arena that the caller passes, when it is closed ({@link #run(List, Arena)}),
 *   <li>the caller, whose memory it was before ({@link #run(List, List)}),
 *   <li>or whoever the other library's tensors are closed by ({@link #forward}).
 * </ul>
 *
 * <p>After {@link #close} everything is refused with an {@link IllegalStateException}, but what
 * describes the model.
 */
public final class LoweredModule implements AutoCloseable {
  private final ModuleParts parts;
  private final ModuleInterface face;
  private final Runner runner;
  private final List<String> targets;
  private final long[] checked;

  LoweredModule(Arena file, ModuleParts parts, List<String> targets) {
    this.parts = parts;
    this.targets = targets;
    this.face = parts.face();
    this.runner = new Runner(file, parts);
    this.checked = runner.failures();
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
      AitmFile mapped = AitmFile.map(file, arena);
      return new LoweredModule(arena, mapped.load(settings, arena), mapped.targets());
    } catch (Throwable e) {
      arena.close();
      throw e;
    }
  }

  /** What its file is compiled for, of which it is one, as {@code --target} names it. */
  public List<String> targets() {
    return targets;
  }

  /** Where it runs. */
  public Device device() {
    return runner.device();
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

  /**
   * Types of the outputs, in order: with {@link #sizes}, {@code type.sizes(sizes(inputs))}, what
   * {@link #run(List, List)} takes. Empty where only a run tells.
   */
  public List<Optional<TensorMeta>> outputTypes() {
    return face.outputs().stream().map(output -> Optional.ofNullable(output.type())).toList();
  }

  /** What sizes may differ from run to run, each with its bounds; none for a static model. */
  public Set<Dim.Symbol> symbols() {
    return runner.inputs().binding().symbols();
  }

  /**
   * What the symbols stand for if the module runs on these inputs.
   *
   * @throws ModelException (USAGE) naming the input, or the guard, that does not fit
   */
  public Map<String, Long> sizes(List<NativeTensor> inputs) {
    return Map.copyOf(runner.inputs().symbols(inputs));
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
    return parts.report().read();
  }

  /**
   * Bytes that all runs so far copied at borders between partitions because a value did not have
   * the strides it was compiled for, back into inputs that the model writes to, and into tensors
   * for outputs that no partition could write itself.
   */
  public long borderCopiesBytes() {
    return runner.writtenBytes()
        + parts.steps().stream().mapToLong(LoadedPartition::borderCopyBytes).sum();
  }

  /** Bytes that all runs so far copied because a tensor was on the Java heap. */
  public long heapCopiesBytes() {
    return runner.heapBytes();
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
   * Runs once, as {@link #run(List, Arena)} does, into the caller's memory: a library writes an
   * output there itself unless that memory is an input's too, on the other side of a GPU's bus, on
   * the Java heap, or laid out otherwise than the model lays the output out, which costs a copy.
   *
   * @param outputs one for each output, of its dtype and sizes ({@link #outputTypes}), writable; no
   *     two share memory. If the run fails their content is undefined
   * @throws ModelException also (USAGE) naming the output whose tensor does not fit
   */
  public void run(List<NativeTensor> inputs, List<NativeTensor> outputs) {
    try (SessionState state = new SessionState(face.states())) {
      run(inputs, outputs, state);
    }
  }

  /**
   * Runs once on tensors of another library and returns such tensors, both without a copy: {@code
   * forward(tensors, new TorchTensors())} takes and gives libtorch's, {@code forward(addresses,
   * DLPack.VERSIONED)} DLPack's. Closes none of the inputs. On a GPU, results are on the device if
   * all inputs are.
   *
   * @return in order; each is the caller's to close, and its memory goes with it
   * @throws ModelException as {@link #run(List, Arena)} does, and (USAGE) for a tensor that cannot
   *     be exchanged
   */
  public <T> List<T> forward(List<T> inputs, TensorExchange<T> exchange) {
    try (SessionState state = new SessionState(face.states())) {
      return forward(inputs, exchange, state);
    }
  }

  /**
   * {@link #run(List, Arena)} on one of a few threads, as many as the machine has processors, that
   * all modules share and that end when idle.
   *
   * @param arena a shared or automatic one; the inputs' memory, too, may be reached by any thread
   * @return done with the outputs; fails as {@code run} does, and with an {@link
   *     IllegalStateException} if the module is closed before the run begins. Cancelled or timed
   *     out before it begins, it does not run; once it has begun neither does anything, so that
   *     nobody uses the memory any more when the future is done ({@code copy()} is one that times
   *     out)
   */
  public CompletableFuture<List<NativeTensor>> runAsync(List<NativeTensor> inputs, Arena arena) {
    return runAsync(inputs, arena, RunThreads.SHARED);
  }

  /** {@link #runAsync(List, Arena)} on a thread of {@code executor}'s. */
  public CompletableFuture<List<NativeTensor>> runAsync(
      List<NativeTensor> inputs, Arena arena, Executor executor) {
    return AsyncRun.start(() -> run(inputs, arena), executor);
  }

  /**
   * The weights that {@link #setWeights} takes, by the model's names, with their types: all that
   * compiled partitions read if the file was converted with {@code --constants updatable}; else
   * none if any was folded into others. Those that libtorch reads are not among them.
   */
  public Map<String, TensorMeta> weights() {
    return parts.weights().settable();
  }

  /**
   * Gives weights new values, all or none. Runs go on with the old ones while what depends on them
   * is folded and packed anew; then the libraries change all at once, between two runs, so that
   * none reads some of both.
   *
   * @param values copied, so that they are the caller's again when this returns; on the host
   * @throws ModelException (USAGE) naming the weight that cannot be set, and why
   */
  public void setWeights(Map<String, NativeTensor> values) {
    runner.setWeights(values);
  }

  /**
   * Runs once and drops the results, so that the first request need not wait for weights to be read
   * from the file, or brought to a GPU, nor for memory and threads: on zeros, in likely sizes, or
   * the smallest where the model cannot take those.
   *
   * @throws ModelException (USAGE) if it can take neither, or an input is no tensor: run it on
   *     inputs of yours then; (RUN) as a run does
   */
  public void warmUp() {
    try (Arena arena = Arena.ofShared()) {
      run(zeroInputs(arena), arena);
    }
  }

  /**
   * Inputs of zeros in memory of {@code arena}, in likely sizes, or the smallest where the model
   * cannot take those.
   *
   * @throws ModelException (USAGE) if it can take neither, or an input is no tensor
   */
  public List<NativeTensor> zeroInputs(Arena arena) {
    return ZeroInputs.of(face, arena);
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
      runner.run(
          inputs,
          state,
          runner.into(arena),
          (partition, run) ->
              partition
                  .profile(run)
                  .forEach(kernel -> times.add(report().time(partition.name(), kernel))));
    }
    return times;
  }

  List<NativeTensor> run(List<NativeTensor> inputs, Arena arena, SessionState state) {
    return runner.run(inputs, state, runner.into(arena));
  }

  void run(List<NativeTensor> inputs, List<NativeTensor> outputs, SessionState state) {
    runner.run(inputs, state, runner.into(outputs, inputs));
  }

  <T> List<T> forward(List<T> inputs, TensorExchange<T> exchange, SessionState state) {
    return runner.exchange(inputs, state, exchange);
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

  /**
   * {@link #runOnDevice(List, CudaStream, Arena)} into the caller's memory, as {@link #run(List,
   * List)} does; a tensor on the host is waited for.
   */
  public void runOnDevice(
      List<NativeTensor> inputs, List<NativeTensor> outputs, CudaStream stream) {
    try (SessionState state = new SessionState(face.states())) {
      runner.enqueue(inputs, state, runner.into(outputs, inputs), stream);
    }
  }

  List<NativeTensor> runOnDevice(
      List<NativeTensor> inputs, CudaStream stream, Arena arena, SessionState state) {
    return runner.enqueue(inputs, state, runner.into(arena), stream);
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
    runner.close();
  }
}
