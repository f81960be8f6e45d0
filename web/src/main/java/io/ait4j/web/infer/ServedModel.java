package io.ait4j.web.infer;

import io.ait4j.fx.ModelException;
import io.ait4j.web.process.LogLines;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model with its queue and its worker, which is started when somebody wants it, and again when it
 * has died, as long as its {@link Availability} has nothing against that.
 */
final class ServedModel implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServedModel.class);

  private final ModelFile model;
  private final InferenceSettings settings;
  private final MemoryBudget budget;
  private final Consumer<ServedModel> gone;
  private final RequestQueue queue;
  private final ModelMeters meters;
  private final Availability availability = new Availability();
  private final WorkerStart workers;
  private final Dispatch dispatch;
  private final ReentrantLock starting = new ReentrantLock();
  private final CountDownLatch released = new CountDownLatch(1);
  private final Object state = new Object();
  private ModelWorker worker;
  private ModelWorker loading;
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
    this.workers = new WorkerStart(model, settings);
    this.dispatch = new Dispatch(model.name(), queue, meters, availability);
    dispatch.start(this::worker);
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
    return availability.objection();
  }

  /**
   * Refuses what would be refused anyway, once it had come.
   *
   * @throws InferenceFailed (UNAVAILABLE, BUSY)
   */
  void requireRoom() throws InferenceFailed {
    InferenceFailed refusal =
        queue.isFull() ? busy() : unavailable().isEmpty() ? null : unavailable(unavailable());
    if (refusal != null) {
      meters.failed(refusal.reason());
      throw refusal;
    }
  }

  InferenceFailed busy() {
    return new InferenceFailed(
        InferenceFailed.Reason.BUSY,
        "%d requests to model '%s' wait already".formatted(settings.pending(), model.name()));
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
    return workers.blocks(count);
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
    String objection = availability.objection();
    if (!objection.isEmpty()) {
      throw unavailable(objection);
    }
  }

  private InferenceFailed unavailable(String why) {
    return InferenceFailed.unavailable(model.name(), why);
  }

  private ModelWorker start() throws InferenceFailed {
    try {
      budget.take(this, workers.bytes());
      return workers.start(this::register, dispatch);
    } catch (InferenceFailed e) {
      budget.give(this);
      throw e;
    } catch (WorkerDied e) {
      budget.give(this);
      String why = "it cannot be loaded: " + e.getMessage();
      meters.died();
      availability.died(why);
      throw unavailable(why);
    } catch (RuntimeException | IOException e) {
      budget.give(this);
      String why = "it cannot be loaded: " + LogLines.line(String.valueOf(e.getMessage()));
      LOG.warn("model {} version {}: {}", model.name(), model.version(), why);
      if (!isPassing(e)) {
        availability.object(why);
      }
      throw unavailable(why);
    }
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
      workers.close();
    } finally {
      starting.unlock();
    }
    meters.close();
    budget.give(this);
  }

  /** The worker that runs, or one that loads. */
  private ModelWorker loading() {
    synchronized (state) {
      return loading;
    }
  }
}
