package io.ait4j.examples;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Takes the contenders in turn, a few inferences each, until each has been timed {@code runs}
 * times.
 *
 * <p>Before a turn the machine rests, because the others' worker threads spin for a while after
 * their last task; one inference then warms caches and threads again and is not timed.
 */
record RoundRobin(int runs) {
  private static final int TURN = 5;
  private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final int WARM_UP = 5;

  Map<Contender, Latencies> measure(List<Contender> contenders) {
    Map<Contender, long[]> times = new LinkedHashMap<>();
    for (Contender contender : contenders) {
      times.put(contender, new long[runs]);
      for (int i = 0; i < WARM_UP; i++) {
        contender.run();
      }
    }
    List<Contender> order = new ArrayList<>(contenders);
    for (int done = 0; done < runs; done += TURN) {
      for (Contender contender : order) {
        turn(contender, times.get(contender), done);
      }
      order.add(order.removeFirst()); // so that nobody always follows the same neighbour's heat
    }
    Map<Contender, Latencies> result = new LinkedHashMap<>();
    times.forEach((contender, nanos) -> result.put(contender, new Latencies(nanos)));
    return result;
  }

  private static void turn(Contender contender, long[] times, int from) {
    LockSupport.parkNanos(REST_NANOS);
    contender.run();
    for (int i = from; i < Math.min(from + TURN, times.length); i++) {
      long start = System.nanoTime();
      contender.run();
      times[i] = System.nanoTime() - start;
    }
  }
}
