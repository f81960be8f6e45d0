package io.ait4j.fallback;

import io.ait4j.fx.ModelException;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.presets.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;

/** Loads libtorch, and holds what is set for the process or a thread. */
final class Libtorch {
  private static volatile int threads;
  private static int blasThreads;
  private static final ThreadLocal<Integer> THREADS_HERE = ThreadLocal.withInitial(() -> 0);

  private Libtorch() {}

  static void load() {
    try {
      Loader.load(torch.class);
    } catch (LinkageError e) {
      throw new ModelException(
          ModelException.Kind.RUN,
          "this model needs libtorch for a part of it, and libtorch cannot be loaded ("
              + firstLine(e)
              + "); put org.bytedeco:pytorch with its native jar for this platform on the class path",
          e);
    }
  }

  static void setThreads(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("thread count " + count);
    }
    threads = count;
  }

  static int threads() {
    load();
    return torch.get_num_threads();
  }

  /** libtorch keeps the count per thread, so every thread that runs has to say it once. */
  static void applyThreads() {
    int wanted = threads;
    if (wanted != 0 && THREADS_HERE.get() != wanted) {
      torch.set_num_threads(wanted);
      applyBlasThreads(wanted);
      THREADS_HERE.set(wanted);
    }
  }

  /** Its matrix products have a pool of their own, one for the process. */
  private static synchronized void applyBlasThreads(int wanted) {
    if (blasThreads != wanted) {
      openblas_nolapack.blas_set_num_threads(wanted);
      blasThreads = wanted;
    }
  }

  /** What a libtorch error says, without its C++ stack. */
  static String firstLine(Throwable error) {
    String message = error.getMessage();
    return message == null ? error.toString() : message.lines().findFirst().orElse("");
  }
}
