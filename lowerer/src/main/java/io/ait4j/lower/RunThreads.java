package io.ait4j.lower;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads for asynchronous runs that bring none, one for each processor; gone soon when idle. */
final class RunThreads {
  static final Executor SHARED = pool();

  private RunThreads() {}

  private static ThreadPoolExecutor pool() {
    int threads = Runtime.getRuntime().availableProcessors();
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("ait4j-run-", 0).factory());
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }
}
