package io.ait4j.lower.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Takes the contenders in turn, a few inferences each, until each has been timed {@code runs}
 * times.
 *
 * <p>Before a turn the machine rests, because the others' worker threads may spin for a while after
 * their last task; one inference then warms caches and threads again and is not timed.
 */
record RoundRobin(int runs) {
  private static final int TURN = 5;
  private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final int WARM_UP = 5;
  private static final long GPU_WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  Map<Contender, Timing> measure(List<Contender> contenders) {
    Map<Contender, Tally> tallies = new LinkedHashMap<>();
    for (Contender contender : contenders) {
      tallies.put(contender, new Tally(runs));
      long begin = System.nanoTime();
      for (int i = 0; i < WARM_UP || isShort(contender, begin); i++) {
        contender.restore();
        contender.run();
      }
    }
    List<Contender> order = new ArrayList<>(contenders);
    for (int done = 0; done < runs; done += TURN) {
      for (Contender contender : order) {
        tallies.get(contender).turn(contender);
      }
      order.add(order.removeFirst()); // so that nobody always comes first
    }
    Map<Contender, Timing> result = new LinkedHashMap<>();
    tallies.forEach((contender, tally) -> result.put(contender, tally.timing()));
    return result;
  }

  /** On a GPU an inference may take less than the JVM's first way of running what enqueues it. */
  private static boolean isShort(Contender contender, long begin) {
    return contender.deviceNanos().isPresent() && System.nanoTime() - begin < GPU_WARM_UP_NANOS;
  }

  private static final class Tally {
    private final long[] times;
    private final long[] deviceTimes;
    private boolean isOnDevice;
    private int done;
    private long cpuNanos;

    Tally(int runs) {
      times = new long[runs];
      deviceTimes = new long[runs];
    }

    void turn(Contender contender) {
      LockSupport.parkNanos(REST_NANOS);
      contender.restore();
      contender.run();
      for (int i = 0; i < TURN && done < times.length; i++) {
        contender.restore();
        long cpuBefore = PROCESS.getProcessCpuTime();
        long start = System.nanoTime();
        contender.run();
        times[done] = System.nanoTime() - start;
        OptionalLong device = contender.deviceNanos();
        isOnDevice = device.isPresent();
        deviceTimes[done++] = device.orElse(0);
        cpuNanos += PROCESS.getProcessCpuTime() - cpuBefore;
      }
    }

    Timing timing() {
      return new Timing(new Latencies(times), cpuNanos / 1e6 / done, device());
    }

    private Optional<Latencies> device() {
      return isOnDevice ? Optional.of(new Latencies(deviceTimes)) : Optional.empty();
    }
  }
}
