package io.ait4j.web.jobs;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.ait4j.fx.ModelException;
import io.ait4j.web.convert.ConversionFailed;
import io.ait4j.web.database.DatabaseUnavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Does one work: what the scheduler calls when one is due, and after a server that had it died. */
final class WorkTask {
  private static final Logger LOG = LoggerFactory.getLogger(WorkTask.class);

  /** The name of a job's id in structured logs. */
  private static final String JOB = "job";

  private static final Duration MOMENT = Duration.ofMillis(500);

  private final Works works;
  private final Runs runs;
  private final Conversions conversions;
  private final String server;

  /** When the database or the store has failed, not the work. */
  private final Duration pause;

  private volatile boolean draining;

  WorkTask(Works works, Runs runs, Conversions conversions, QueueSettings settings) {
    this.works = works;
    this.runs = runs;
    this.conversions = conversions;
    this.server = settings.server();
    this.pause = settings.heartbeat();
  }

  /** Begins no work from now on. */
  void drain() {
    draining = true;
  }

  Task<Void> task() {
    return Tasks.custom(Enqueuing.CONVERSION)
        .onDeadExecutionRevive()
        .onFailure(new FailureHandler.OnFailureRetryLater<>(pause))
        .execute((instance, context) -> execute(instance.getId()));
  }

  private CompletionHandler<Void> execute(String work) {
    Optional<Run> run = runs.begin(() -> draining ? Optional.empty() : works.begin(work, server));
    if (run.isEmpty()) {
      return draining ? again(Duration.ZERO) : (complete, operations) -> operations.stop();
    }
    try (MDC.MDCCloseable job = MDC.putCloseable(JOB, run.get().attempt().firstJob())) {
      return execute(run.get());
    }
  }

  private CompletionHandler<Void> execute(Run run) {
    LOG.info("conversion begins, attempt {}", run.attempt().number());
    try {
      Outcome outcome = convert(run);
      LOG.info("conversion ends: {}", outcome.summary());
      runs.write(run);
      return end(run.attempt(), outcome);
    } finally {
      runs.remove(run);
    }
  }

  private CompletionHandler<Void> end(Works.Attempt attempt, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Made made -> {
        insist(() -> works.succeed(attempt, made.made.result(), made.made.keys()));
        yield done();
      }
      case Outcome.Failed failed -> {
        insist(() -> works.fail(attempt, failed.cause, failed.detail));
        yield done();
      }
      case Outcome.Died died -> {
        boolean more = insist(() -> works.crash(attempt, died.detail));
        yield more ? again(Duration.ZERO) : done();
      }
      case Outcome.Hindered hindered -> {
        boolean more = insist(() -> works.hinder(attempt, hindered.detail));
        yield more ? again(pause(attempt)) : done();
      }
      case Outcome.Stopped stopped -> {
        if (stopped.why == Run.Stop.UNWANTED) {
          yield done();
        }
        works.putBack(attempt);
        yield again(Duration.ZERO);
      }
    };
  }

  /** Longer each time, up to a point. */
  private Duration pause(Works.Attempt attempt) {
    return pause.multipliedBy(1L << Math.min(attempt.number() - 1, 6));
  }

  /** Waits for the database, as what took long to make would be lost. */
  private <T> T insist(Supplier<T> write) {
    while (true) {
      try {
        return write.get();
      } catch (DatabaseUnavailable e) {
        if (draining) {
          throw e;
        }
        LOG.warn("the end of a conversion waits for the database", e);
        LockSupport.parkNanos(MOMENT.toNanos());
      }
    }
  }

  /** How a run went. */
  private sealed interface Outcome {
    /** For the log: nothing of a model or its owner. */
    String summary();

    record Made(Conversions.Made made) implements Outcome {
      @Override
      public String summary() {
        return "succeeded";
      }
    }

    record Failed(ConversionFailed.Cause cause, String detail) implements Outcome {
      @Override
      public String summary() {
        return "failed, " + cause;
      }
    }

    /** The worker did. */
    record Died(String detail) implements Outcome {
      @Override
      public String summary() {
        return "the worker died";
      }
    }

    /** By the store or the disk, which is no fault of the model. */
    record Hindered(String detail) implements Outcome {
      @Override
      public String summary() {
        return detail;
      }
    }

    record Stopped(Run.Stop why) implements Outcome {
      @Override
      public String summary() {
        return why == Run.Stop.DRAINED ? "put back" : "not wanted any more";
      }
    }
  }

  private Outcome convert(Run run) {
    Outcome outcome;
    Optional<Exception> defect = Optional.empty();
    try {
      outcome = new Outcome.Made(conversions.convert(run));
    } catch (ConversionFailed e) {
      outcome =
          e.kind() == ConversionFailed.Cause.CRASH
              ? new Outcome.Died(e.getMessage())
              : new Outcome.Failed(e.kind(), e.getMessage());
    } catch (ModelException | DatabaseUnavailable e) {
      outcome = new Outcome.Hindered(e.getMessage());
    } catch (InterruptedException | RuntimeException e) {
      defect = Optional.of(e);
      outcome = new Outcome.Failed(ConversionFailed.Cause.DEFECT, "a defect of ait4j: " + e);
    }
    Optional<Run.Stop> stop = run.stopped();
    if (stop.isPresent() && !(outcome instanceof Outcome.Made)) {
      return new Outcome.Stopped(stop.get());
    }
    defect.ifPresent(e -> LOG.error("a defect", e));
    return outcome;
  }

  private static CompletionHandler<Void> done() {
    return (complete, operations) -> operations.stop();
  }

  private static CompletionHandler<Void> again(Duration pause) {
    return (complete, operations) -> operations.reschedule(complete, Instant.now().plus(pause));
  }
}
