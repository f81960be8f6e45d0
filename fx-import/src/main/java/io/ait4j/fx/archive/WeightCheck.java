package io.ait4j.fx.archive;

import io.ait4j.fx.ModelException;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;

/** Compares weights with their checksums on another thread while their model is read. */
public final class WeightCheck implements AutoCloseable {
  private final ForkJoinTask<?> task;
  private volatile boolean stopped;

  private WeightCheck(ZipArchive zip, Set<String> entries) {
    task =
        ForkJoinPool.commonPool()
            .submit(
                () -> {
                  for (String entry : entries) {
                    if (stopped) {
                      return;
                    }
                    zip.verify(entry);
                  }
                });
  }

  /** Begins to check these entries. */
  public static WeightCheck start(ZipArchive zip, Set<String> entries) {
    return new WeightCheck(zip, Set.copyOf(entries));
  }

  /**
   * Waits for the end.
   *
   * @throws ModelException (IMPORT) naming an entry that is damaged
   */
  public void await() {
    try {
      task.join();
    } catch (ModelException | CancellationException e) {
      throw e;
    } catch (CompletionException e) {
      throw e.getCause() instanceof ModelException m ? m : e;
    }
  }

  /** Stops after the entry at hand; the archive may be closed after that. */
  @Override
  public void close() {
    stopped = true;
    task.quietlyJoin();
  }
}
