package io.ait4j.lower.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.fx.NativeTensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class RoundRobinTest {
  private final List<String> calls = new ArrayList<>();

  @Test
  void timesEachAsOftenAndInTurn() {
    Contender slow = new Sleeper("slow", TimeUnit.MILLISECONDS.toNanos(4));
    Contender fast = new Sleeper("fast", 0);
    Map<Contender, Timing> measured = new RoundRobin(12).measure(List.of(slow, fast));
    assertThat(measured.get(slow).latencies().sorted()).hasSize(12);
    assertThat(measured.get(fast).latencies().sorted()).hasSize(12);
    assertThat(measured.get(slow).latencies().median()).isGreaterThanOrEqualTo(4);
    assertThat(measured.get(slow).cpuMillis()).isBetween(0.0, 4.0); // it sleeps
    // 12 runs are 3 turns, so each is left for the other at least twice.
    assertThat(changes()).isGreaterThanOrEqualTo(4);
  }

  /** Counts what it wrote to its input, as a model with a cache would. */
  private static final class Writer implements Contender {
    private int input;
    private int runs;

    @Override
    public String name() {
      return "writer";
    }

    @Override
    public void restore() {
      input = 0;
    }

    @Override
    public void run() {
      runs++;
      assertThat(++input).isEqualTo(1);
    }

    @Override
    public List<NativeTensor> outputs(Arena arena) {
      return List.of();
    }

    @Override
    public void close() {}
  }

  @Test
  void everyInferenceFindsItsInputsRestored() {
    Writer writer = new Writer();
    new RoundRobin(7).measure(List.of(writer));
    assertThat(writer.runs).isGreaterThan(7);
  }

  private int changes() {
    int changes = 0;
    for (int i = 1; i < calls.size(); i++) {
      changes += calls.get(i).equals(calls.get(i - 1)) ? 0 : 1;
    }
    return changes;
  }

  private final class Sleeper implements Contender {
    private final String name;
    private final long nanos;

    Sleeper(String name, long nanos) {
      this.name = name;
      this.nanos = nanos;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public void restore() {}

    @Override
    public void run() {
      calls.add(name);
      long end = System.nanoTime() + nanos;
      while (System.nanoTime() < end) {
        LockSupport.parkNanos(end - System.nanoTime());
      }
    }

    @Override
    public List<NativeTensor> outputs(Arena arena) {
      return List.of();
    }

    @Override
    public void close() {}
  }
}
