package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Sizes;
import io.ait4j.fx.Dim;
import io.ait4j.fx.LikelySizes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Splits folding from running, and gives every intermediate a place in its arena: buffers that are
 * never alive together share memory. Placement is greedy by size, each at the lowest offset that is
 * free for its whole life; sizes that differ from run to run are taken at likely values for that.
 */
final class PlanMemory {
  private static final long ALIGNMENT = 64;

  private PlanMemory() {}

  /** {@code estimate}: likely bytes, by which places are found. */
  private record Life(Buffer buffer, int first, int last, Dim bytes, long estimate) {
    boolean meets(Life other) {
      return other.first <= last && first <= other.last;
    }
  }

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
    List<Life> lives = lives(program, run);
    return new Schedule(
        program,
        names(fold),
        names(run),
        place(lives(program, fold)),
        place(lives),
        alive(lives, run.size()));
  }

  /** A folded buffer that only folding reads has a place in its arena; a packed one gets a size. */
  private static Buffer unneeded(Buffer folded) {
    return folded.packedFor() == null
        ? folded.withRole(Buffer.Role.TEMP)
        : Buffer.temp(
            folded.name(), folded.dtype(), List.of(PackConstants.most(folded.packedFor())));
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
        (name, span) -> {
          Buffer buffer = program.buffer(name);
          Dim bytes = bytes(buffer);
          long estimate = Math.max(ALIGNMENT, LikelySizes.of(bytes));
          lives.add(new Life(buffer, span[0], span[1], bytes, estimate));
        });
    return lives;
  }

  /** Bytes that a buffer's strides reach, rounded up to the arena's alignment. */
  private static Dim bytes(Buffer buffer) {
    return Sizes.reach(buffer)
        .times(buffer.dtype().bytes())
        .ceilDiv(Dim.of(ALIGNMENT))
        .times(ALIGNMENT);
  }

  /**
   * Finds a place for each at likely sizes, then says of each that it begins where the last of
   * those below ends: whatever the sizes turn out to be, nothing overlaps.
   */
  private static ArenaPlan place(List<Life> lives) {
    Map<Life, Long> likely = likelyOffsets(lives);
    List<Life> upwards = new ArrayList<>(lives);
    upwards.sort(
        Comparator.comparingLong((Life l) -> likely.get(l)).thenComparing(l -> l.buffer().name()));
    Map<String, ArenaPlan.Place> places = new LinkedHashMap<>();
    for (int i = 0; i < upwards.size(); i++) {
      Life life = upwards.get(i);
      Dim offset = Dim.ZERO;
      for (Life below : upwards.subList(0, i)) {
        if (life.meets(below)) {
          offset = offset.max(places.get(below.buffer().name()).end());
        }
      }
      Dim at =
          offset.isConst()
              ? offset
              : Dim.symbol(
                  ArenaPlan.PREFIX + places.size(), Math.max(0, offset.min()), offset.max());
      places.put(life.buffer().name(), new ArenaPlan.Place(at, offset, life.bytes()));
    }
    return new ArenaPlan(places);
  }

  private static Map<Life, Long> likelyOffsets(List<Life> lives) {
    List<Life> largestFirst = new ArrayList<>(lives);
    largestFirst.sort(
        Comparator.comparingLong(Life::estimate)
            .reversed()
            .thenComparingInt(Life::first) // in time, equal sizes take turns without a gap
            .thenComparing(l -> l.buffer().name()));
    Map<Life, Long> offsets = new LinkedHashMap<>();
    for (Life life : largestFirst) {
      List<Life> conflicts =
          offsets.keySet().stream()
              .filter(life::meets)
              .sorted(Comparator.comparingLong(offsets::get))
              .toList();
      long at = 0;
      for (Life other : conflicts) {
        long start = offsets.get(other);
        if (start - at >= life.estimate()) {
          break;
        }
        at = Math.max(at, start + other.estimate());
      }
      offsets.put(life, at);
    }
    return offsets;
  }

  /** The names of those alive at each step. */
  private static List<Set<String>> alive(List<Life> lives, int steps) {
    List<Set<String>> alive = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      int at = i;
      alive.add(
          lives.stream()
              .filter(l -> l.first() <= at && at <= l.last())
              .map(l -> l.buffer().name())
              .collect(Collectors.toSet()));
    }
    return alive;
  }
}
