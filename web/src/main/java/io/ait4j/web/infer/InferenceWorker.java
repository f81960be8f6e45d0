package io.ait4j.web.infer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ait4j.fx.ModelException;
import io.ait4j.lower.LoadSettings;
import io.ait4j.lower.LoweredModule;
import io.ait4j.web.process.Worker;
import io.ait4j.web.process.WorkerProgram;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Serves one model, in a process of its own. */
public final class InferenceWorker implements Worker {
  /**
   * What a worker is told on its command line.
   *
   * @param model the {@code .aitm} file
   * @param codeFolder where its libraries are unpacked to
   * @param threads most that a run uses; 0 for one on each processor
   * @param places how many runs there may be at a time
   * @param maxBatch most rows in a run
   * @param trialMillis how long a run on random inputs may take; 0 for none
   */
  record Arguments(
      Path model, Path codeFolder, int threads, int places, long maxBatch, long trialMillis) {
    static Arguments of(List<String> texts) {
      return new Arguments(
          Path.of(texts.get(0)),
          Path.of(texts.get(1)),
          Integer.parseInt(texts.get(2)),
          Integer.parseInt(texts.get(3)),
          Long.parseLong(texts.get(4)),
          Long.parseLong(texts.get(5)));
    }

    List<String> toList() {
      return List.of(
          model.toString(),
          codeFolder.toString(),
          "" + threads,
          "" + places,
          "" + maxBatch,
          "" + trialMillis);
    }
  }

  private DataInputStream orders;
  private DataOutputStream reports;

  @Override
  public void run(List<String> texts, InputStream in, PrintStream out) throws IOException {
    Arguments arguments = Arguments.of(texts);
    orders = new DataInputStream(new BufferedInputStream(in));
    reports = new DataOutputStream(out);
    try {
      LoweredModule module =
          LoweredModule.load(
              arguments.model(), new LoadSettings(arguments.codeFolder(), arguments.threads()));
      ModelDescription description =
          new ModelLoading(module, new Trial(Duration.ofMillis(arguments.trialMillis())))
              .describe(arguments.maxBatch());
      report(new Messages.Report.Loaded(json(description)));
      if (Messages.readOrder(orders) instanceof Messages.Order.Begin) {
        serve(
            new WorkerModule(
                module,
                description,
                SharedArea.open(WorkerProgram.opened(0)),
                SharedArea.open(WorkerProgram.opened(1))),
            arguments.places());
      }
    } catch (ModelException e) {
      report(new Messages.Report.Refused(e.kind(), e.getMessage()));
    } catch (TrialFailed e) {
      report(new Messages.Report.Stuck(e.getMessage()));
    } catch (EOFException e) {
      // the server wants no more, or is gone
    }
  }

  private void serve(WorkerModule module, int places) throws IOException {
    ExecutorService runs =
        Executors.newFixedThreadPool(
            places, Thread.ofPlatform().daemon().name("run-", 0).factory());
    while (true) {
      switch (Messages.readOrder(orders)) {
        case Messages.Order.Run run -> runs.execute(() -> answer(module, run));
        case Messages.Order.Free free -> module.free(free.offsets());
        case Messages.Order.Begin begin -> throw new IOException("begun twice");
      }
    }
  }

  private void answer(WorkerModule module, Messages.Order.Run run) {
    try {
      report(module.run(run));
    } catch (IOException e) {
      Runtime.getRuntime().halt(1); // nobody is there to be told
    }
  }

  private synchronized void report(Messages.Report report) throws IOException {
    Messages.write(report, reports);
    reports.flush();
  }

  private static String json(ModelDescription description) {
    try {
      return new ObjectMapper().writeValueAsString(description);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
