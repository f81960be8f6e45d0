package io.ait4j.web.infer;

import io.ait4j.web.process.WorkerExit;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what waits in a model's queue to its worker, and tells those who wait what became of it.
 */
final class Dispatch implements ModelWorker.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatch.class);

  /** Whose worker runs the requests. */
  interface Workers {
    /** One that runs, started if there is none. */
    ModelWorker worker() throws InferenceFailed;
  }

  private final String model;
  private final RequestQueue queue;
  private final ModelMeters meters;
  private final Availability availability;

  Dispatch(String model, RequestQueue queue, ModelMeters meters, Availability availability) {
    this.model = model;
    this.queue = queue;
    this.meters = meters;
    this.availability = availability;
  }

  /** Begins, until the queue is closed. */
  void start(Workers workers) {
    Thread.ofPlatform().daemon().name("dispatch-" + model).start(() -> run(workers));
  }

  private void run(Workers workers) {
    long maxRows = 0;
    try {
      while (true) {
        List<QueuedRequest> batch = queue.take(maxRows);
        if (batch.isEmpty()) {
          return;
        }
        maxRows = send(batch, workers);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private long send(List<QueuedRequest> batch, Workers workers) {
    try {
      ModelWorker runner = workers.worker();
      while (!runner.run(batch)) {
        runner = workers.worker();
      }
      return runner.description().maxBatch();
    } catch (InferenceFailed e) {
      fail(batch, e);
    } catch (RuntimeException | Error e) { // those who come later need this thread
      LOG.error("model {} cannot be run", model, e);
      fail(batch, InferenceFailed.unavailable(model, "the server failed: " + e));
    }
    return 0;
  }

  private void fail(List<QueuedRequest> batch, InferenceFailed why) {
    batch.forEach(request -> request.fail(why));
    queue.done();
  }

  @Override
  public void done(List<QueuedRequest> batch, long computeNanos) {
    availability.answered();
    meters.ran(batch.size(), computeNanos);
    queue.done();
  }

  @Override
  public void died(ModelWorker dead, List<List<QueuedRequest>> batches, WorkerExit exit) {
    String why = Deaths.say(exit);
    if (!dead.isUnwanted()) {
      meters.died();
      availability.died(why);
    }
    InferenceFailed failed =
        new InferenceFailed(
            InferenceFailed.Reason.WORKER_DIED,
            "the worker process of model '%s' ended while it ran this request: %s"
                .formatted(model, dead.isUnwanted() ? "the model was unloaded" : why));
    batches.forEach(batch -> fail(batch, failed));
  }
}
