package io.ait4j.lower;

import io.ait4j.fx.AsyncRun;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorExchange;
import io.ait4j.fx.cuda.CudaStream;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Runs of a {@link LoweredModule} that share its state: the buffers that the model writes, a
 * key-value cache for example. A session begins with the buffers' values in the model file and
 * keeps its own from then on; sessions do not see one another. Its runs take turns.
 */
public final class Session implements AutoCloseable {
  private final LoweredModule module;
  private final List<ModuleInterface.State> states;
  private final SessionState values;
  private final Object order = new Object();
  private CompletableFuture<?> last = CompletableFuture.completedFuture(null);
  private boolean closed;

  Session(LoweredModule module, List<ModuleInterface.State> states) {
    this.module = module;
    this.states = states;
    this.values = new SessionState(states);
  }

  /**
   * Runs once, from the state that the run before left; a run that fails leaves it as it was.
   *
   * @see LoweredModule#run
   */
  public synchronized List<NativeTensor> run(List<NativeTensor> inputs, Arena arena) {
    requireOpen();
    return module.run(inputs, arena, values);
  }

  /**
   * Runs once into the caller's memory, from the state that the run before left.
   *
   * @see LoweredModule#run(List, List)
   */
  public synchronized void run(List<NativeTensor> inputs, List<NativeTensor> outputs) {
    requireOpen();
    module.run(inputs, outputs, values);
  }

  /**
   * Runs once on another library's tensors, from the state that the run before left.
   *
   * @see LoweredModule#forward
   */
  public synchronized <T> List<T> forward(List<T> inputs, TensorExchange<T> exchange) {
    requireOpen();
    return module.forward(inputs, exchange, values);
  }

  /**
   * {@link #run(List, Arena)} on another thread, after all that was asked for before, though it
   * failed. Closing the session fails what has not begun.
   *
   * @see LoweredModule#runAsync(List, Arena)
   */
  public CompletableFuture<List<NativeTensor>> runAsync(List<NativeTensor> inputs, Arena arena) {
    return runAsync(inputs, arena, RunThreads.SHARED);
  }

  /** {@link #runAsync(List, Arena)} on a thread of {@code executor}'s. */
  public CompletableFuture<List<NativeTensor>> runAsync(
      List<NativeTensor> inputs, Arena arena, Executor executor) {
    synchronized (order) {
      AsyncRun<List<NativeTensor>> run = new AsyncRun<>(() -> run(inputs, arena));
      // One that is cancelled has its turn, too: the next must not overtake the one before.
      CompletableFuture<Void> turn =
          last.handle((before, failure) -> null).thenRunAsync(run, executor);
      turn.whenComplete(
          (done, refused) -> {
            if (refused != null) { // by the executor
              run.completeExceptionally(refused);
            }
          });
      last = turn;
      return run;
    }
  }

  /**
   * Runs once on a GPU, from the state that the run before left. Runs may use different streams; a
   * change of streams waits for them.
   *
   * @see LoweredModule#runOnDevice
   */
  public synchronized List<NativeTensor> runOnDevice(
      List<NativeTensor> inputs, CudaStream stream, Arena arena) {
    requireOpen();
    return module.runOnDevice(inputs, stream, arena, values);
  }

  /** What the model calls its buffers that runs change. */
  public List<String> stateNames() {
    return states.stream().map(ModuleInterface.State::name).toList();
  }

  /**
   * A copy of a buffer as it is now.
   *
   * @throws ModelException (USAGE) if the model has none of that name
   */
  public synchronized NativeTensor state(String name, Arena arena) {
    requireOpen();
    int index = stateNames().indexOf(name);
    if (index < 0) {
      throw new ModelException(
          ModelException.Kind.USAGE,
          "the model has no state '%s'; it has %s".formatted(name, stateNames()));
    }
    return module.toHost(values.value(index).tensor(), values.stream(), arena);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the session is closed");
    }
  }

  /** Frees the state; outputs stay valid. Close a session before its module. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      values.close();
    }
  }
}
