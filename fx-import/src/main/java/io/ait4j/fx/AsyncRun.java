package io.ait4j.fx;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Work on another thread that native code does in the caller's memory. Until it begins, its future
 * may be completed by whom one likes ({@code cancel}, {@code orTimeout}, {@code complete}) and the
 * work is then not done; once it has begun that does nothing, so that a future which is done always
 * says that nobody uses the memory any more. Futures that depend on it are ordinary ones: those may
 * be cancelled or time out while the work goes on.
 *
 * @param <T> its result
 */
public final class AsyncRun<T> extends CompletableFuture<T> implements Runnable {
  private final Supplier<T> work;
  private final AtomicBoolean decided = new AtomicBoolean();

  /** Work that {@link #run} does. */
  public AsyncRun(Supplier<T> work) {
    this.work = work;
  }

  /** Work that a thread of {@code executor}'s does. */
  public static <T> CompletableFuture<T> start(Supplier<T> work, Executor executor) {
    AsyncRun<T> run = new AsyncRun<>(work);
    executor.execute(run);
    return run;
  }

  /** Does the work, unless it is done or under way, or the future was completed before. */
  @Override
  public void run() {
    if (!decided.compareAndSet(false, true)) {
      return;
    }
    try {
      super.complete(work.get());
    } catch (Throwable e) {
      super.completeExceptionally(e);
    }
  }

  @Override
  public boolean complete(T value) {
    return decided.compareAndSet(false, true) && super.complete(value);
  }

  @Override
  public boolean completeExceptionally(Throwable failure) {
    return decided.compareAndSet(false, true) && super.completeExceptionally(failure);
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    return decided.compareAndSet(false, true) ? super.cancel(mayInterruptIfRunning) : isCancelled();
  }

  @Override
  public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier, Executor executor) {
    executor.execute(
        () -> {
          try {
            complete(supplier.get());
          } catch (Throwable e) {
            completeExceptionally(e);
          }
        });
    return this;
  }

  /** Refused: see {@link AsyncRun}. */
  @Override
  public void obtrudeValue(T value) {
    throw new UnsupportedOperationException("a run's result is its own");
  }

  /** Refused: see {@link AsyncRun}. */
  @Override
  public void obtrudeException(Throwable failure) {
    throw new UnsupportedOperationException("a run's result is its own");
  }
}
