package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Splits folding from running, and gives every intermediate a place in its arena: buffers that are
 * never alive together share memory. Placement is greedy by size, each at the lowest offset that is
 * free for its whole life.
 */
final class PlanMemory {
  private static final long ALIGNMENT = 64;

  private PlanMemory() {}

  private record Life(Buffer buffer, int first, int last, long bytes) {}

  static Schedule plan(Program marked) {
    List<Kernel> fold = new ArrayList<>();
    List<Kernel> run = new ArrayList<>();
    for (Kernel kernel : marked.kernels()) {
      boolean constant =
          kernel.writes().stream()
              .allMatch(
                  b ->
                      marked.buffer(b).role() == Buffer.Role.FOLDED
                          || marked.buffer(b).role() == Buffer.Role.LOCAL);
      (constant ? fold : run).add(kernel);
    }
    Set<String> needed = new HashSet<>();
    run.forEach(k -> needed.addAll(k.reads()));
    Map<String, Buffer> buffers = new LinkedHashMap<>(marked.buffers());
    buffers.replaceAll(
        (name, b) -> b.role() == Buffer.Role.FOLDED && !needed.contains(name) ? unneeded(b) : b);
    Program program = marked.withBuffers(buffers);
    Map<String, Long> offsets = new HashMap<>();
    long foldBytes = place(program, fold, offsets);
    List<Life> lives = lives(program, run);
    long runBytes = place(program, run, offsets);
    return new Schedule(
        program,
        names(fold),
        names(run),
        offsets,
        foldBytes,
        runBytes,
        largestLiveSet(lives, run.size()));
  }

  /** A folded buffer that only folding reads has a place in its arena; a packed one gets a size. */
  private static Buffer unneeded(Buffer folded) {
    return folded.packedFor() == null
        ? folded.withRole(Buffer.Role.TEMP)
        : Buffer.temp(
            folded.name(), folded.dtype(), List.of(Dim.of(PackConstants.most(folded.packedFor()))));
  }

  private static List<String> names(List<Kernel> kernels) {
    return kernels.stream().map(Kernel::name).toList();
  }

  private static List<Life> lives(Program program, List<Kernel> kernels) {
    Map<String, int[]> spans = new LinkedHashMap<>();
    for (int i = 0; i < kernels.size(); i++) {
      for (String name : kernels.get(i).buffers()) {
        if (program.buffer(name).role() == Buffer.Role.TEMP) {
          int at = i;
          spans.computeIfAbsent(name, k -> new int[] {at, at})[1] = i;
        }
      }
    }
    List<Life> lives = new ArrayList<>();
    spans.forEach(
        (name, span) ->
            lives.add(
                new Life(program.buffer(name), span[0], span[1], bytes(program.buffer(name)))));
    return lives;
  }

  /** Bytes that a buffer's strides reach, rounded up to the arena's alignment. */
  static long bytes(Buffer buffer) {
    long last = 0;
    for (int d = 0; d < buffer.shape().size(); d++) {
      long size = buffer.shape().get(d).value();
      if (size == 0) {
        return ALIGNMENT;
      }
      last += (size - 1) * buffer.strides().get(d).value();
    }
    return Math.ceilDiv((last + 1) * buffer.dtype().bytes(), ALIGNMENT) * ALIGNMENT;
  }

  private static long place(Program program, List<Kernel> kernels, Map<String, Long> offsets) {
    List<Life> lives = new ArrayList<>(lives(program, kernels));
    lives.sort(
        Comparator.comparingLong(Life::bytes)
            .reversed()
            .thenComparingInt(Life::first) // in time, equal sizes take turns without a gap
            .thenComparing(l -> l.buffer().name()));
    List<Life> placed = new ArrayList<>();
    long total = 0;
    for (Life life : lives) {
      List<Life> conflicts =
          placed.stream()
              .filter(p -> p.first() <= life.last() && life.first() <= p.last())
              .sorted(Comparator.comparingLong(p -> offsets.get(p.buffer().name())))
              .toList();
      long at = 0;
      for (Life other : conflicts) {
        long start = offsets.get(other.buffer().name());
        if (start - at >= life.bytes()) {
          break;
        }
        at = Math.max(at, start + other.bytes());
      }
      offsets.put(life.buffer().name(), at);
      placed.add(life);
      total = Math.max(total, at + life.bytes());
    }
    return total;
  }

  /** The lower bound of any plan: the most that is alive at one kernel. */
  private static long largestLiveSet(List<Life> lives, int steps) {
    long most = 0;
    for (int i = 0; i < steps; i++) {
      int at = i;
      most =
          Math.max(
              most,
              lives.stream()
                  .filter(l -> l.first() <= at && at <= l.last())
                  .mapToLong(Life::bytes)
                  .sum());
    }
    return most;
  }
}
