package io.ait4j.web.process;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at all worker processes now and then, and ends those that take more than they may. */
final class WorkerWatch {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerWatch.class);
  private static final long PERIOD_MILLIS = 200;
  private static final Set<WorkerProcess> WATCHED = ConcurrentHashMap.newKeySet();
  private static final ScheduledExecutorService CLOCK =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("worker-watch").factory());

  static {
    CLOCK.scheduleWithFixedDelay(
        WorkerWatch::look, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  private WorkerWatch() {}

  static void add(WorkerProcess worker) {
    WATCHED.add(worker);
  }

  static void remove(WorkerProcess worker) {
    WATCHED.remove(worker);
  }

  private static void look() {
    try {
      Set<Long> sessions =
          WATCHED.stream()
              .filter(worker -> worker.program().startsPrograms())
              .map(WorkerProcess::pid)
              .collect(Collectors.toSet());
      Map<Long, List<Long>> processes =
          sessions.isEmpty() ? Map.of() : ProcessTable.ofSessions(sessions);
      for (WorkerProcess worker : List.copyOf(WATCHED)) {
        worker.check(processes.getOrDefault(worker.pid(), List.of(worker.pid())));
      }
    } catch (RuntimeException e) { // the clock would stop
      LOG.error("worker processes could not be looked at", e);
    }
  }
}
