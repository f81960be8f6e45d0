package io.ait4j.web.convert;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.WholeFile;
import io.ait4j.web.process.WorkerExit;
import io.ait4j.web.process.WorkerLimits;
import io.ait4j.web.process.WorkerProcess;
import io.ait4j.web.process.WorkerProgram;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Converts each model in a {@link WorkerProcess} of its own. Thread-safe. */
public final class ConversionProcess implements Converter {
  private static final Logger LOG = LoggerFactory.getLogger(ConversionProcess.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Exit codes above it are signals'. */
  private static final int SIGNALS = 128;

  private final WorkerLimits limits;
  private final OwnerCaches caches;
  private final int threads;

  /**
   * @param limits of each conversion
   * @param caches where compiled libraries are kept
   * @param threads most that one conversion compiles and runs on
   */
  public ConversionProcess(WorkerLimits limits, OwnerCaches caches, int threads) {
    this.limits = limits;
    this.caches = caches;
    this.threads = threads;
  }

  @Override
  public ConversionResult convert(ConversionTask task, ConversionListener listener)
      throws ConversionFailed, InterruptedException {
    WorkerDialogue dialogue = new WorkerDialogue(listener);
    try (OwnerCaches.Lent cache = caches.lend(task.owner())) {
      WorkerTask told = WorkerTask.of(task, cache.folder(), threads);
      return result(task, run(program(task, cache.folder()), told, dialogue), dialogue.last());
    } catch (ModelException e) {
      throw new ConversionFailed(ConversionFailed.Cause.IO, e.getMessage());
    } catch (IOException e) {
      throw new ConversionFailed(
          ConversionFailed.Cause.IO, "the task's folder cannot be written: " + WholeFile.reason(e));
    } finally {
      dialogue.end();
    }
  }

  private WorkerExit run(WorkerProgram program, WorkerTask task, WorkerDialogue dialogue)
      throws InterruptedException {
    try (WorkerProcess worker = WorkerProcess.start(program, limits, dialogue::log)) {
      Thread reader = Thread.ofPlatform().daemon().start(() -> dialogue.read(worker.out()));
      tell(worker, task);
      WorkerExit exit = worker.exit().get();
      reader.join();
      return exit;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private WorkerProgram program(ConversionTask task, Path cache) {
    Set<Path> readable = new HashSet<>(task.samples());
    readable.add(task.model());
    task.weights().ifPresent(readable::add);
    return new WorkerProgram(
        ConversionWorker.class,
        List.of(),
        task.folder(),
        readable.stream().map(Path::toAbsolutePath).collect(Collectors.toSet()),
        Set.of(cache),
        true,
        limits.memoryBytes() / 2);
  }

  private static void tell(WorkerProcess worker, WorkerTask task) {
    try {
      OutputStream in = worker.in();
      in.write(JSON.writeValueAsBytes(task));
      in.write('\n');
      in.flush();
    } catch (IOException e) { // it died before it began, and its exit says how
      worker.kill();
    }
  }

  private ConversionResult result(ConversionTask task, WorkerExit exit, WorkerLine last)
      throws ConversionFailed {
    switch (exit.reason()) {
      case DONE -> LOG.debug("the worker of {} has ended", task.folder());
      case MEMORY ->
          throw new ConversionFailed(
              ConversionFailed.Cause.MEMORY_LIMIT,
              "the conversion took more than the %d MiB of memory that one may take here; send a"
                      .formatted(limits.memoryBytes() >> 20)
                  + " smaller model, narrow the ranges of its sizes, or ask the operator for more");
      case DISK ->
          throw new ConversionFailed(
              ConversionFailed.Cause.DISK_LIMIT,
              "the conversion took more than the %d MiB of disk that one may take here; send a"
                      .formatted(limits.diskBytes() >> 20)
                  + " smaller model, or ask the operator for more");
      case TIME ->
          throw new ConversionFailed(
              ConversionFailed.Cause.TIME_LIMIT,
              "the conversion took longer than the %d seconds that one may take here; send a smaller"
                      .formatted(limits.time().toSeconds())
                  + " model, compile for fewer targets, or ask the operator for more");
      case CRASH, KILLED -> throw new ConversionFailed(ConversionFailed.Cause.CRASH, crash(exit));
    }
    if (last == null) {
      throw new ConversionFailed(ConversionFailed.Cause.CRASH, "the worker ended without a word");
    }
    if (last.cause() != null) {
      throw new ConversionFailed(last.cause(), WorkerDialogue.text(last.message()));
    }
    return new ConversionResult(
        made(task, ConversionWorker.ARTIFACT),
        made(task, ConversionWorker.REPORT_JSON),
        made(task, ConversionWorker.REPORT_HTML),
        task.settings().measure()
            ? Optional.of(made(task, ConversionWorker.MEASUREMENTS))
            : Optional.empty(),
        last.seconds() == null ? Map.of() : last.seconds());
  }

  private static String crash(WorkerExit exit) {
    String words =
        exit.lastWords().isEmpty() ? "" : "; it last said: " + exit.lastWords().getLast();
    return exit.code() > SIGNALS
        ? "the worker process was ended by signal %d%s".formatted(exit.code() - SIGNALS, words)
        : "the worker process ended with code %d%s".formatted(exit.code(), words);
  }

  /** A file that the worker made itself: a link might lead to what is not its own. */
  private static Path made(ConversionTask task, String name) throws ConversionFailed {
    Path file = task.folder().resolve(name);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new ConversionFailed(ConversionFailed.Cause.CRASH, "the worker did not write " + name);
    }
    return file;
  }
}
