package io.ait4j.lower;

import io.ait4j.fx.Device;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorExchange;
import io.ait4j.fx.cuda.CudaStream;
import java.lang.foreign.Arena;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Runs the partitions of a loaded module in order, on any number of threads, until it is closed.
 */
final class Runner implements AutoCloseable {
  private final Arena file;
  private final ModuleParts parts;
  private final InputCheck inputCheck;
  private final OutputCheck outputCheck;
  private final List<OutputSource> sources;
  private final LongAdder writtenBytes = new LongAdder();
  private final LongAdder heapBytes = new LongAdder();
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  /**
   * @param file what the parts are mapped from
   */
  Runner(Arena file, ModuleParts parts) {
    this.file = file;
    this.parts = parts;
    this.inputCheck = new InputCheck(parts.face());
    this.outputCheck = new OutputCheck(parts.face());
    this.sources = parts.face().outputs().stream().map(ModuleInterface.Output::source).toList();
  }

  InputCheck inputs() {
    return inputCheck;
  }

  Device device() {
    return parts.gpu() == null ? Device.CPU : parts.gpu().device().device();
  }

  /** Bytes copied into inputs that the model writes to, and into outputs that the caller gave. */
  long writtenBytes() {
    return writtenBytes.sum();
  }

  /** Bytes copied from and to the Java heap. */
  long heapBytes() {
    return heapBytes.sum();
  }

  Destination<List<NativeTensor>> into(Arena arena) {
    return new IntoArena(arena);
  }

  Destination<List<NativeTensor>> into(List<NativeTensor> outputs, List<NativeTensor> inputs) {
    return new IntoTensors(outputCheck, parts.face().outputs(), outputs, inputs, device());
  }

  /** Runs, and waits for it; on a GPU results in an arena come to the host. */
  <R> R run(List<NativeTensor> inputs, SessionState state, Destination<R> destination) {
    return run(inputs, state, destination, LoadedPartition::execute, Place::andBack);
  }

  /**
   * @param way how a partition runs
   */
  <R> R run(
      List<NativeTensor> inputs,
      SessionState state,
      Destination<R> destination,
      BiConsumer<LoadedPartition, Execution> way) {
    return run(inputs, state, destination, way, Place::andBack);
  }

  /** Runs in the order of a stream, and does not wait for it. */
  <R> R enqueue(
      List<NativeTensor> inputs,
      SessionState state,
      Destination<R> destination,
      CudaStream stream) {
    if (!stream.device().device().equals(device())) {
      throw new ModelException(
          ModelException.Kind.USAGE,
          "the stream is of %s, and the module runs on %s"
              .formatted(stream.device().device(), device()));
    }
    Place place = Place.onDevice(parts.gpu().link(stream), false);
    return run(inputs, state, destination, LoadedPartition::execute, place);
  }

  /** Runs on tensors of another library, and waits; results are where the inputs are. */
  <T> List<T> exchange(List<T> inputs, SessionState state, TensorExchange<T> exchange) {
    List<NativeTensor> views = inputs.stream().map(exchange::view).toList();
    boolean stays = !views.isEmpty() && views.stream().noneMatch(view -> view.device().isCpu());
    List<Held> results =
        run(
            views,
            state,
            new IntoOwners(),
            LoadedPartition::execute,
            stays ? link -> Place.onDevice(link, true) : Place::andBack);
    Reference.reachabilityFence(inputs);
    List<T> given = new ArrayList<>(results.size());
    try {
      for (Held result : results) {
        given.add(exchange.hand(result.tensor(), result.owner()::release));
      }
      return given;
    } catch (Throwable e) {
      Held.release(results.subList(given.size(), results.size()));
      given.forEach(exchange::release);
      throw e;
    }
  }

  private <R> R run(
      List<NativeTensor> inputs,
      SessionState state,
      Destination<R> destination,
      BiConsumer<LoadedPartition, Execution> way,
      Function<CudaLink, Place> where) {
    if (parts.gpu() == null) {
      return run(inputs, state, destination, way, Place.HOST);
    }
    CudaStream stream = parts.gpu().take();
    try {
      return run(inputs, state, destination, way, where.apply(parts.gpu().link(stream)));
    } finally {
      parts.gpu().give(stream);
    }
  }

  private <R> R run(
      List<NativeTensor> inputs,
      SessionState state,
      Destination<R> destination,
      BiConsumer<LoadedPartition, Execution> way,
      Place place) {
    Map<String, Long> symbols = inputCheck.check(inputs, device());
    destination.begin(symbols);
    long[] failures = failures(place);
    lock.readLock().lock();
    try (Execution run = new Execution(symbols, place, destination)) {
      requireOpen();
      parts.weights().requireWhole();
      enter(run, inputs);
      state.enter(run);
      for (LoadedPartition partition : parts.steps()) {
        way.accept(partition, run);
      }
      R results = destination.collect(run, sources);
      try {
        finish(run, inputs, state, destination, failures);
        return results;
      } catch (Throwable e) {
        destination.abandon(results);
        throw e;
      }
    } catch (RuntimeException e) {
      settle(place, failures, e);
      throw e;
    } finally {
      lock.readLock().unlock();
    }
  }

  private void enter(Execution run, List<NativeTensor> inputs) {
    for (int i = 0; i < inputs.size(); i++) {
      NativeTensor input = inputs.get(i);
      run.put(parts.face().inputs().get(i).name(), held(input));
    }
  }

  /** Native code cannot read the Java heap. */
  private Held held(NativeTensor input) {
    if (!input.isOnHeap()) {
      return new Held(input, Owner.OUTSIDE, false);
    }
    heapBytes.add(input.numel() * input.dtype().bytes());
    return HostMemory.ALONE.copy(input);
  }

  private void finish(
      Execution run,
      List<NativeTensor> inputs,
      SessionState state,
      Destination<?> destination,
      long[] failures) {
    List<Held> next = state.next(run);
    try {
      write(run, inputs, destination); // last: outputs and state may be views of the inputs
      if (run.place().waits()) {
        run.place().finish();
        LoadedPartition.check(parts.steps(), failures);
      }
    } catch (Throwable e) {
      Held.release(next);
      throw e;
    }
    state.replace(next, run);
  }

  private void write(Execution run, List<NativeTensor> inputs, Destination<?> destination) {
    List<Transfer> transfers = destination.transfers(run, sources);
    if (transfers.isEmpty() && parts.face().writes().isEmpty()) {
      return;
    }
    transfers = new ArrayList<>(transfers);
    for (ModuleInterface.Write write : parts.face().writes()) {
      transfers.add(new Transfer(run.tensor(write.content()), inputs.get(write.input())));
    }
    Transfer.perform(transfers, run.place());
    for (Transfer transfer : transfers) {
      if (transfer.to().isOnHeap()) {
        heapBytes.add(transfer.bytes());
      } else if (transfer.isLocal()) {
        writtenBytes.add(transfer.bytes());
      }
    }
  }

  /** Leaves nothing of a run that failed for the next to be told. */
  private void settle(Place place, long[] failures, RuntimeException why) {
    if (!closed && place.waits()) {
      try {
        place.finish();
        LoadedPartition.check(parts.steps(), failures);
      } catch (ModelException e) {
        why.addSuppressed(e);
      }
    }
  }

  private long[] failures(Place place) {
    return place.waits() ? failures() : null;
  }

  /** What each partition has failed so far. */
  long[] failures() {
    return parts.steps().stream().mapToLong(step -> step.step().failures()).toArray();
  }

  /** Calls with the lock held. */
  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the module is closed");
    }
  }

  /** Gives weights new values, between runs. */
  void setWeights(Map<String, NativeTensor> values) {
    parts.weights().set(values, this::alone);
  }

  /** Changes what runs read, when none is under way. */
  void alone(Runnable change) {
    lock.writeLock().lock();
    try {
      requireOpen();
      change.run();
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Waits for runs under way, then unloads. */
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
    parts.weights().close(); // waits for who sets some, who waits for the lock
  }
}
