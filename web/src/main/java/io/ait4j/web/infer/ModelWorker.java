package io.ait4j.web.infer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ait4j.fx.ModelException;
import io.ait4j.web.process.WorkerExit;
import io.ait4j.web.process.WorkerProcess;
import io.ait4j.web.process.WorkerProgram;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A worker process that has loaded a model, from the server's side. */
final class ModelWorker implements AutoCloseable, Messages.Bounds {
  private static final Logger LOG = LoggerFactory.getLogger(ModelWorker.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long HEAP_BYTES = 128L << 20;
  private static final long CLOSING_SECONDS = 2;
  private static final ScheduledExecutorService CLOCK =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("run-watch").factory());

  /** Hears what becomes of a worker's batches. */
  interface Listener {
    /** A batch is over, whatever became of its requests. */
    void done(List<QueuedRequest> batch, long computeNanos);

    /** The process is gone, though nobody wanted that, and with it these batches. */
    void died(ModelWorker worker, List<List<QueuedRequest>> batches, WorkerExit exit);
  }

  /** A batch that the worker has; it runs the oldest, as many as it has places. */
  private static final class Running {
    final List<QueuedRequest> batch;
    boolean hasBegun;
    long begun;

    Running(List<QueuedRequest> batch) {
      this.batch = batch;
    }

    void begin() {
      hasBegun = true;
      begun = System.nanoTime();
      batch.forEach(QueuedRequest::begin);
    }
  }

  private final WorkerProcess process;
  private final InferenceSettings settings;
  private final DataOutputStream orders;
  private final DataInputStream reports;
  private final SharedArea outputs;
  private final Map<Long, Running> running = new LinkedHashMap<>();
  private ModelDescription description;
  private long lastId;
  private boolean gone;
  private boolean listened;
  private ScheduledFuture<?> watch;
  private volatile boolean unwanted;

  private ModelWorker(WorkerProcess process, SharedArea outputs, InferenceSettings settings) {
    this.settings = settings;
    this.process = process;
    this.orders = new DataOutputStream(new BufferedOutputStream(process.in()));
    this.reports = new DataInputStream(new BufferedInputStream(process.out()));
    this.outputs = outputs;
  }

  /**
   * Starts a process that loads a model, which {@link #awaitLoaded} waits for.
   *
   * @param folder the worker's own
   * @param inputs memory that requests will be in
   * @param trial how long a run on random inputs may take; zero for none
   * @throws ModelException (IO) if it cannot be started
   */
  static ModelWorker start(
      Path file, Path folder, SharedArea inputs, Duration trial, InferenceSettings settings) {
    SharedArea outputs = new SharedArea();
    try {
      WorkerProcess process =
          WorkerProcess.start(
              program(file, folder, List.of(inputs.path(), outputs.path()), trial, settings),
              settings.limits(),
              line -> LOG.info("worker of {}: {}", file.getFileName(), line));
      return new ModelWorker(process, outputs, settings);
    } catch (Throwable e) {
      outputs.close();
      throw e;
    }
  }

  private static WorkerProgram program(
      Path file, Path folder, List<Path> areas, Duration trial, InferenceSettings settings) {
    InferenceWorker.Arguments arguments =
        new InferenceWorker.Arguments(
            file.toAbsolutePath(),
            folder.resolve("code").toAbsolutePath(),
            settings.threads(),
            settings.places(),
            settings.maxBatch(),
            trial.toMillis());
    return new WorkerProgram(
        InferenceWorker.class,
        arguments.toList(),
        folder,
        Set.of(file.toAbsolutePath()),
        Set.of(),
        areas,
        false,
        HEAP_BYTES);
  }

  /**
   * Waits until it has loaded its model.
   *
   * @throws ModelException if the model cannot be loaded, with the worker's message
   * @throws TrialFailed if it could be loaded without a trial
   */
  void awaitLoaded() throws WorkerDied, TrialFailed {
    CompletableFuture<Void> alarm =
        CompletableFuture.runAsync(
            process::kill,
            CompletableFuture.delayedExecutor(
                settings.loadTimeout().toMillis(), TimeUnit.MILLISECONDS));
    try {
      switch (Messages.readReport(reports, this)) {
        case Messages.Report.Loaded(String json) -> {
          description = JSON.readValue(json, ModelDescription.class);
          if (description == null) {
            throw new IOException("it says nothing of the model");
          }
        }
        case Messages.Report.Refused(var kind, var why) -> throw new ModelException(kind, why);
        case Messages.Report.Stuck(var why) -> throw new TrialFailed(why);
        case Messages.Report.Done done -> throw new IOException("done before it began");
      }
    } catch (JsonProcessingException e) {
      throw new ModelException(
          ModelException.Kind.RUN, "its worker does not describe it: " + e.getOriginalMessage());
    } catch (IOException e) {
      process.kill();
      throw new WorkerDied("its worker process: " + Deaths.say(process.exit().join()));
    } finally {
      alarm.cancel(false);
    }
  }

  ModelDescription description() {
    return description;
  }

  /** Lets requests come. */
  void begin(long outputBytes, Listener listener) {
    outputs.allocate(outputBytes);
    try {
      order(new Messages.Order.Begin());
    } catch (IOException e) {
      process.kill(); // as who listens will hear
    }
    listened = true;
    long period = Math.clamp(settings.timeout().toMillis() / 4, 10, 1000);
    watch = CLOCK.scheduleWithFixedDelay(this::endIfStuck, period, period, TimeUnit.MILLISECONDS);
    Thread.ofPlatform().daemon().name("reports-" + process.pid()).start(() -> listen(listener));
  }

  private void order(Messages.Order order) throws IOException {
    synchronized (orders) {
      Messages.write(order, orders);
      orders.flush();
    }
  }

  private void listen(Listener listener) {
    try {
      while (true) {
        if (!(Messages.readReport(reports, this) instanceof Messages.Report.Done done)) {
          throw new IOException("a report that nobody asked for");
        }
        List<QueuedRequest> batch = end(done.id());
        Answers answers = new Answers(description, outputs, this::free);
        for (int i = 0; i < batch.size(); i++) {
          answers.give(done.outcomes().get(i), batch.get(i));
        }
        listener.done(batch, done.computeNanos());
      }
    } catch (IOException | RuntimeException | Error e) { // nobody else would tell who waits
      WorkerExit exit = end(e instanceof EOFException);
      if (!unwanted) {
        LOG.warn("worker {} is gone ({}): {}", process.pid(), e.getMessage(), Deaths.say(exit));
      }
      watch.cancel(false);
      listener.died(this, endAll(), exit);
      outputs.close();
    }
  }

  /** Waits for the end of a process that closed its side, or makes one of another. */
  private WorkerExit end(boolean closed) {
    CompletableFuture<WorkerExit> exit = process.exit();
    if (closed) {
      exit.copy().completeOnTimeout(null, CLOSING_SECONDS, TimeUnit.SECONDS).join();
    }
    process.kill();
    return exit.join();
  }

  private synchronized List<QueuedRequest> end(long id) {
    List<QueuedRequest> batch = running.remove(id).batch;
    beginNext();
    return batch;
  }

  private void beginNext() {
    running.values().stream()
        .limit(settings.places())
        .filter(run -> !run.hasBegun)
        .forEach(Running::begin);
  }

  @Override
  public synchronized int requests(long id) {
    return running.containsKey(id) ? running.get(id).batch.size() : -1;
  }

  @Override
  public int outputs() {
    return description.outputs().size();
  }

  /** Kills it when one of its runs takes longer than a run may. */
  private synchronized void endIfStuck() {
    long now = System.nanoTime();
    long most = settings.timeout().toNanos();
    if (running.values().stream().anyMatch(run -> run.hasBegun && now - run.begun > most)) {
      process.kill();
    }
  }

  private synchronized List<List<QueuedRequest>> endAll() {
    gone = true;
    List<List<QueuedRequest>> batches = running.values().stream().map(run -> run.batch).toList();
    running.clear();
    return batches;
  }

  /**
   * Runs a batch, of which the listener will hear.
   *
   * @return whether it can: not if the process has ended
   */
  boolean run(List<QueuedRequest> batch) {
    long id;
    synchronized (this) {
      if (gone) {
        return false;
      }
      id = ++lastId;
      running.put(id, new Running(batch));
      beginNext();
    }
    try {
      order(new Messages.Order.Run(id, batch.stream().map(QueuedRequest::places).toList()));
    } catch (IOException e) {
      process.kill(); // who listens to it tells what became of the batch
    }
    return true;
  }

  private void free(List<Long> offsets) {
    if (isAlive()) {
      try {
        order(new Messages.Order.Free(offsets));
      } catch (IOException e) {
        LOG.debug("worker {} is gone, and its memory with it", process.pid(), e);
      }
    }
  }

  synchronized boolean isAlive() {
    return !gone;
  }

  @Override
  public void close() {
    unwanted = true;
    process.close();
    if (!listened) {
      outputs.close();
    }
  }

  boolean isUnwanted() {
    return unwanted;
  }
}
