package io.ait4j.web.process;

import io.ait4j.fx.ModelException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Java process of ours that holds what others uploaded: with this server's class path, without
 * its environment, its files or the network, within limits. It and all that it starts end together:
 * when it has done its work, dies, is killed, takes too much, or this server is gone. Thread-safe.
 */
public final class WorkerProcess implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerProcess.class);

  /** What the JVM exits with when memory runs out. */
  static final int OUT_OF_MEMORY = 3;

  /** What the JVM and C++ say with their last breath when the system gives them no more memory. */
  private static final List<String> NO_MEMORY =
      List.of(
          "There is insufficient memory for the Java Runtime Environment",
          "std::bad_alloc",
          "can't allocate memory");

  private static final int MOST_LAST_WORDS = 20;

  /**
   * Looking at the disk takes at most a tenth of the time, and is not done more often than that.
   */
  private static final long DISK_PERIOD_NANOS = 600_000_000;

  private static final int DISK_SHARE = 10;

  private final WorkerProgram program;
  private final WorkerLimits limits;
  private final Process process;
  private final Consumer<String> log;
  private final long started = System.nanoTime();
  private final AtomicReference<WorkerExit.Reason> killed = new AtomicReference<>();
  private final Deque<String> lastWords = new ArrayDeque<>();
  private final CompletableFuture<WorkerExit> exit = new CompletableFuture<>();

  /** By the clock of its folder's disk: what others hold that is older is not its own. */
  private final FileTime begun;

  private long nextDiskLook = System.nanoTime();

  private WorkerProcess(
      WorkerProgram program,
      WorkerLimits limits,
      FileTime begun,
      Process process,
      Consumer<String> log) {
    this.program = program;
    this.limits = limits;
    this.begun = begun;
    this.process = process;
    this.log = log;
  }

  /**
   * Starts one.
   *
   * @param log hears each line that it prints to standard error, fit for a log, on a thread of this
   *     worker's own
   * @throws ModelException (IO) if it cannot be started
   */
  public static WorkerProcess start(
      WorkerProgram program, WorkerLimits limits, Consumer<String> log) {
    try {
      NativeLibraries.unpack();
      return startOnly(program, limits, log);
    } catch (IOException e) {
      throw new ModelException(
          ModelException.Kind.IO, "a worker process cannot be started: " + e.getMessage(), e);
    }
  }

  /** The same, whether libtorch is unpacked or not. */
  static WorkerProcess startOnly(WorkerProgram program, WorkerLimits limits, Consumer<String> log)
      throws IOException {
    Path temporary = Files.createDirectories(program.folder().resolve("tmp"));
    FileTime begun = FolderSize.changeTime(temporary);
    WorkerProcess worker =
        new WorkerProcess(program, limits, begun, WorkerCommand.of(program, limits).start(), log);
    WorkerWatch.add(worker);
    Thread.ofPlatform().daemon().name("worker-" + worker.pid()).start(worker::follow);
    return worker;
  }

  /** Reads what it prints until it ends, and sees that nothing of it stays. */
  private void follow() {
    Thread reader = Thread.ofPlatform().daemon().name("worker-log-" + pid()).start(this::read);
    boolean interrupted = true;
    while (interrupted) {
      try {
        process.waitFor();
        ProcessTable.end(pid());
        reader.join();
        interrupted = false;
      } catch (InterruptedException e) {
        Thread.interrupted(); // this thread is nobody's to stop
      }
    }
    WorkerWatch.remove(this);
    exit.complete(ended());
  }

  private void read() {
    try (InputStream errors = process.getErrorStream()) {
      LogLines.read(errors, this::heard);
    } catch (IOException e) {
      heard("the worker's log broke off: " + e.getMessage());
    }
  }

  private void heard(String line) {
    synchronized (lastWords) {
      if (lastWords.size() == MOST_LAST_WORDS) {
        lastWords.removeFirst();
      }
      lastWords.add(line);
    }
    log.accept(line);
  }

  private WorkerExit ended() {
    int code = process.exitValue();
    List<String> words;
    synchronized (lastWords) {
      words = List.copyOf(lastWords);
    }
    WorkerExit.Reason reason = killed.get();
    if (reason == null) {
      reason =
          code == 0
              ? WorkerExit.Reason.DONE
              : code == OUT_OF_MEMORY || words.stream().anyMatch(WorkerProcess::saysNoMemory)
                  ? WorkerExit.Reason.MEMORY
                  : WorkerExit.Reason.CRASH;
    }
    return new WorkerExit(reason, code, words);
  }

  private static boolean saysNoMemory(String line) {
    return NO_MEMORY.stream().anyMatch(line::contains);
  }

  /**
   * Ends the worker if it has taken more than it may.
   *
   * @param processes it and all that it started
   */
  void check(List<Long> processes) {
    if (ProcessTable.memory(processes) > limits.memoryBytes()) {
      kill(WorkerExit.Reason.MEMORY);
    } else if (limits.time() != null && System.nanoTime() - started > limits.time().toNanos()) {
      kill(WorkerExit.Reason.TIME);
    } else if (System.nanoTime() - nextDiskLook >= 0) {
      long start = System.nanoTime();
      if (diskBytes(processes) > limits.diskBytes()) {
        kill(WorkerExit.Reason.DISK);
      }
      long end = System.nanoTime();
      nextDiskLook = end + Math.max(DISK_PERIOD_NANOS, DISK_SHARE * (end - start));
    }
  }

  /** In its folder, without a name, and what it changed in others that it may write to. */
  private long diskBytes(List<Long> processes) {
    long most = limits.diskBytes();
    long bytes = FolderSize.of(program.folder(), most) + ProcessTable.deletedBytes(processes);
    for (Path folder : program.writable()) {
      bytes += FolderSize.changed(folder, most, begun);
    }
    return bytes;
  }

  /** What it does. */
  public WorkerProgram program() {
    return program;
  }

  /** Its number, also that of its process group. */
  public long pid() {
    return process.pid();
  }

  /** What the worker reads. */
  public OutputStream in() {
    return process.getOutputStream();
  }

  /** What the worker writes: to be read as it comes, as a full pipe stops the worker. */
  public InputStream out() {
    return process.getInputStream();
  }

  /** Memory that is its own now, in bytes; 0 when it has ended. */
  public long memoryBytes() {
    return process.isAlive() ? ProcessTable.memory(List.of(pid())) : 0;
  }

  /** Completes when it and all that it started have ended. */
  public CompletableFuture<WorkerExit> exit() {
    return exit.copy();
  }

  /** Kills it and all that it started, at once; {@link #exit} completes when that is done. */
  public void kill() {
    kill(WorkerExit.Reason.KILLED);
  }

  private void kill(WorkerExit.Reason reason) {
    killed.compareAndSet(null, reason);
    process.destroyForcibly();
    Kernel.killGroup(pid());
  }

  /** Kills it, if it has not ended, and waits until nothing of it runs. */
  @Override
  public void close() {
    if (!exit.isDone()) {
      kill();
    }
    exit.join();
    try {
      process.getOutputStream().close();
      process.getInputStream().close();
    } catch (IOException e) {
      LOG.debug("what was not written to worker {} is not wanted", pid(), e);
    }
  }
}
