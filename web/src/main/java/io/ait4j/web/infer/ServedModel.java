package io.ait4j.web.infer;

import io.ait4j.fx.ModelException;
import io.ait4j.web.process.LogLines;
import io.ait4j.web.process.WorkerExit;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model with its queue and its worker, which is started when somebody wants it, and again when it
 * has died, but not after it died {@value #MOST_DEATHS} times without an answer in between.
 */
final class ServedModel implements AutoCloseable, ModelWorker.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(ServedModel.class);
  private static final int MOST_DEATHS = 3;

  /** What a worker takes beside the model itself and what it shares. */
  private static final long WORKER_BYTES = 256L << 20;

  private final ModelFile model;
  private final InferenceSettings settings;
  private final MemoryBudget budget;
  private final Consumer<ServedModel> gone;
  private final RequestQueue queue;
  private final ModelMeters meters;
  private final SharedArea inputs = new SharedArea();
  private final ReentrantLock starting = new ReentrantLock();
  private final CountDownLatch released = new CountDownLatch(1);
  private final Object state = new Object();
  private FreeList inputSpace;
  private ModelWorker worker;
  private ModelWorker loading;
  private Path folder;
  private String unavailable = "";
  private int deaths;
  private int users;
  private boolean closed;
  private volatile long lastUsed = System.nanoTime();

  /**
   * @param gone hears when it was unloaded
   */
  ServedModel(
      ModelFile model,
      InferenceSettings settings,
      MemoryBudget budget,
      MeterRegistry registry,
      Consumer<ServedModel> gone) {
    this.model = model;
    this.settings = settings;
    this.budget = budget;
    this.gone = gone;
    this.queue =
        new RequestQueue(settings.pending(), settings.places(), settings.batchDelay().toNanos());
    this.meters = new ModelMeters(registry, model.name(), model.version(), queue::size);
    Thread.ofPlatform().daemon().name("dispatch-" + model.name()).start(this::dispatch);
  }

  ModelFile model() {
    return model;
  }

  InferenceSettings settings() {
    return settings;
  }

  ModelMeters meters() {
    return meters;
  }

  RequestQueue queue() {
    return queue;
  }

  /** Keeps it loaded until {@link #leave}; false if it is too late for that. */
  boolean enter() {
    synchronized (state) {
      if (closed) {
        return false;
      }
      users++;
      lastUsed = System.nanoTime();
      return true;
    }
  }

  /** Waits until nothing of it is left, once {@link #enter} was refused. */
  void awaitReleased() throws InferenceFailed {
    try {
      if (released.await(settings.timeout().toNanos(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw unavailable("it is being unloaded; try again");
  }

  void leave() {
    synchronized (state) {
      users--;
      lastUsed = System.nanoTime();
      state.notifyAll();
    }
  }

  /** When somebody last wanted it, by the system's nanoseconds. */
  long lastUsed() {
    return lastUsed;
  }

  /** Why it cannot be had; empty if nothing is known against it. */
  String unavailable() {
    synchronized (state) {
      return unavailable;
    }
  }

  boolean isLoading() {
    return starting.isLocked();
  }

  /** Its worker, if it has one. */
  Optional<ModelWorker> loaded() {
    synchronized (state) {
      return Optional.ofNullable(worker).filter(ModelWorker::isAlive);
    }
  }

  /** Room for a request's inputs. */
  InputBlocks blocks(int count) {
    return new InputBlocks(inputs, inputSpace, count);
  }

  /** The worker, started if there is none. */
  ModelWorker worker() throws InferenceFailed {
    starting.lock();
    try {
      synchronized (state) {
        if (worker != null && worker.isAlive()) {
          return worker; // those who entered before it is unloaded still get their answers
        }
        requireAvailable();
      }
      ModelWorker started = start();
      synchronized (state) {
        worker = started;
        if (!closed) {
          return started;
        }
      }
      started.close();
      throw unavailable("it is being unloaded; try again");
    } finally {
      starting.unlock();
    }
  }

  private void requireAvailable() throws InferenceFailed {
    if (closed) {
      throw unavailable("it is being unloaded; try again");
    }
    if (!unavailable.isEmpty()) {
      throw unavailable(unavailable);
    }
  }

  private InferenceFailed unavailable(String why) {
    return new InferenceFailed(
        InferenceFailed.Reason.UNAVAILABLE, "model '" + model.name() + "': " + why);
  }

  private ModelWorker start() throws InferenceFailed {
    ModelWorker loaded = null;
    try {
      Path file = model.file().get();
      budget.take(this, Files.size(file) + WORKER_BYTES + 2 * settings.sharedBytes());
      folder = folder == null ? WorkerFolder.make(settings.folder()) : folder;
      loaded = ModelWorker.start(file, folder, inputs, settings);
      register(loaded);
      loaded.awaitLoaded();
      AreaSizes sizes = AreaSizes.of(loaded.description(), settings);
      if (inputSpace == null) {
        inputs.allocate(sizes.inputs());
        inputSpace = new FreeList(inputs.bytes());
      }
      loaded.begin(sizes.outputs(), this);
      LOG.info("model {} version {} is loaded", model.name(), model.version());
      return loaded;
    } catch (InferenceFailed e) {
      abandon(loaded);
      throw e;
    } catch (WorkerDied e) {
      abandon(loaded);
      String why = "it cannot be loaded: " + e.getMessage();
      countDeath(why);
      throw unavailable(why);
    } catch (RuntimeException | IOException e) {
      abandon(loaded);
      String why = "it cannot be loaded: " + LogLines.line(String.valueOf(e.getMessage()));
      LOG.warn("model {} version {}: {}", model.name(), model.version(), why);
      if (!isPassing(e)) {
        synchronized (state) {
          unavailable = why;
        }
      }
      throw unavailable(why);
    }
  }

  private void abandon(ModelWorker started) {
    if (started != null) {
      started.close();
    }
    budget.give(this);
  }

  /** What may be otherwise the next time: no disk, no memory, a store that is away. */
  private static boolean isPassing(Exception e) {
    return e instanceof IOException
        || e instanceof ModelException known && known.kind() == ModelException.Kind.IO;
  }

  /** Lets {@link #release} end a worker that still loads. */
  private void register(ModelWorker started) throws InferenceFailed {
    synchronized (state) {
      loading = started;
      if (closed) {
        throw unavailable("it is being unloaded; try again");
      }
    }
  }

  private void dispatch() {
    long maxRows = 0;
    try {
      while (true) {
        List<QueuedRequest> batch = queue.take(maxRows);
        if (batch.isEmpty()) {
          return;
        }
        maxRows = send(batch);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private long send(List<QueuedRequest> batch) {
    try {
      ModelWorker runner = worker();
      while (!runner.run(batch)) {
        runner = worker();
      }
      return runner.description().maxBatch();
    } catch (InferenceFailed e) {
      fail(batch, e);
    } catch (RuntimeException | Error e) { // those who come later need this thread
      LOG.error("model {} cannot be run", model.name(), e);
      fail(batch, unavailable("the server failed: " + e));
    }
    return 0;
  }

  private void fail(List<QueuedRequest> batch, InferenceFailed why) {
    batch.forEach(request -> request.fail(why));
    queue.done();
  }

  @Override
  public void done(List<QueuedRequest> batch, long computeNanos) {
    synchronized (state) {
      deaths = 0;
    }
    meters.ran(batch.size(), computeNanos);
    queue.done();
  }

  @Override
  public void died(ModelWorker dead, List<List<QueuedRequest>> batches, WorkerExit exit) {
    String why = Deaths.say(exit);
    if (!dead.isUnwanted()) {
      countDeath(why);
    }
    InferenceFailed failed =
        new InferenceFailed(
            InferenceFailed.Reason.WORKER_DIED,
            "the worker process of model '%s' ended while it ran this request: %s"
                .formatted(model.name(), dead.isUnwanted() ? "the model was unloaded" : why));
    for (List<QueuedRequest> batch : batches) {
      batch.forEach(request -> request.fail(failed));
      queue.done();
    }
  }

  private void countDeath(String why) {
    meters.died();
    synchronized (state) {
      if (++deaths >= MOST_DEATHS) {
        unavailable =
            "its worker process died %d times in a row, at last: %s; load it to try again"
                .formatted(deaths, why);
      }
    }
  }

  /** Unloads it if nobody uses it. */
  boolean closeIfIdle() {
    synchronized (state) {
      if (users > 0 || closed || starting.isLocked()) {
        return false;
      }
      closed = true;
    }
    release();
    return true;
  }

  /** Unloads it, whoever uses it. */
  void end() {
    synchronized (state) {
      if (closed) {
        return;
      }
      closed = true;
    }
    release();
  }

  /**
   * Unloads it when those who use it have their answers, or as much time has passed as they had.
   */
  @Override
  public void close() {
    synchronized (state) {
      if (closed) {
        return;
      }
      closed = true;
      long end = System.nanoTime() + settings.timeout().toNanos();
      try {
        for (long left = 1; users > 0 && left > 0; left = (end - System.nanoTime()) / 1_000_000) {
          state.wait(left);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    release();
  }

  private void release() {
    try {
      end(loading());
    } finally { // who waits for that must not wait for ever
      gone.accept(this);
      released.countDown();
    }
  }

  private void end(ModelWorker last) {
    InferenceFailed unloaded = unavailable("it was unloaded; try again");
    queue.close().forEach(request -> request.fail(unloaded));
    if (last != null) {
      last.close();
    }
    starting.lock(); // until nobody starts one any more
    try {
      inputs.close();
    } finally {
      starting.unlock();
    }
    meters.close();
    budget.give(this);
    if (folder != null) {
      WorkerFolder.delete(folder);
    }
  }

  /** The worker that runs, or one that loads. */
  private ModelWorker loading() {
    synchronized (state) {
      return loading;
    }
  }
}
