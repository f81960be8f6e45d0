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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Does one work: what the scheduler calls when one is due, and after a server that had it died. */
final class WorkTask {
  private static final Logger LOG = LoggerFactory.getLogger(WorkTask.class);

  /** The name of a job's id in structured logs. */
  private static final String JOB = "job";

  /** When the database or the store has failed, not the work. */
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final Works works;
  private final Runs runs;
  private final Conversions conversions;
  private final String server;
  private volatile boolean draining;

  WorkTask(Works works, Runs runs, Conversions conversions, String server) {
    this.works = works;
    this.runs = runs;
    this.conversions = conversions;
    this.server = server;
  }

  /** Begins no work from now on. */
  void drain() {
    draining = true;
  }

  Task<Void> task() {
    return Tasks.custom(Enqueuing.CONVERSION)
        .onDeadExecutionRevive()
        .onFailure(new FailureHandler.OnFailureRetryLater<>(PAUSE))
        .execute((instance, context) -> execute(instance.getId()));
  }

  private CompletionHandler<Void> execute(String work) {
    if (draining) {
      return again(Duration.ZERO);
    }
    Optional<Works.Attempt> begun = works.begin(work, server);
    if (begun.isEmpty()) {
      return (complete, operations) -> operations.stop();
    }
    Run run = new Run(begun.get());
    try (MDC.MDCCloseable job = MDC.putCloseable(JOB, run.attempt().firstJob())) {
      return execute(run);
    }
  }

  private CompletionHandler<Void> execute(Run run) {
    LOG.info("conversion begins, attempt {}", run.attempt().number());
    runs.add(run);
    try {
      if (draining) { // it may have begun while the others were stopped
        run.stop(Run.Stop.DRAINED);
      }
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
      case Outcome.Died died ->
          works.crash(attempt, died.cause, died.detail) ? again(died.pause) : done();
      case Outcome.Stopped stopped -> {
        if (stopped.why == Run.Stop.UNWANTED) {
          yield done();
        }
        works.putBack(attempt);
        yield again(Duration.ZERO);
      }
    };
  }

  /** Waits for the database, as what took long to make would be lost. */
  private void insist(Runnable write) {
    while (true) {
      try {
        write.run();
        return;
      } catch (DatabaseUnavailable e) {
        if (draining) {
          throw e;
        }
        LOG.warn("the end of a conversion waits for the database", e);
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

    /** Worth another try. */
    record Died(ConversionFailed.Cause cause, String detail, Duration pause) implements Outcome {
      @Override
      public String summary() {
        return "worth another try, " + cause;
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
              ? new Outcome.Died(e.kind(), e.getMessage(), Duration.ZERO)
              : new Outcome.Failed(e.kind(), e.getMessage());
    } catch (ModelException e) {
      outcome = new Outcome.Died(ConversionFailed.Cause.IO, e.getMessage(), PAUSE);
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
