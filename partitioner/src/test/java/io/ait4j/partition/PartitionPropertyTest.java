package io.ait4j.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.FxValue;
import io.ait4j.partition.Partition.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What holds for the split of any graph. */
class PartitionPropertyTest {
  private static FxGraph random(long seed, int size) {
    Random random = new Random(seed);
    Sketch sketch = new Sketch().input("in0").input("in1").weight("w");
    List<String> names = new ArrayList<>(List.of("in0", "in1", "w"));
    Set<String> unread = new LinkedHashSet<>();
    for (int i = 0; i < size; i++) {
      String op =
          switch (random.nextInt(10)) {
            case 0, 1, 2 -> "fft_fft";
            case 3, 4 -> "view";
            case 5 -> "zeros";
            default -> "add.Tensor";
          };
      int arity = op.equals("zeros") ? 0 : op.equals("view") ? 1 : 1 + random.nextInt(3);
      String[] reads = new String[arity];
      for (int k = 0; k < arity; k++) {
        reads[k] =
            names.get(Math.max(0, names.size() - 1 - random.nextInt(Math.min(8, names.size()))));
        unread.remove(reads[k]);
      }
      sketch.op("n" + i, op, reads);
      names.add("n" + i);
      unread.add("n" + i);
    }
    if (random.nextBoolean()) {
      unread.add(names.get(random.nextInt(names.size())));
    }
    return sketch.returning(unread.toArray(String[]::new));
  }

  private static PartitionPlan plan(FxGraph graph, int minimum) {
    return new Partitioner(Sketch.NO_FFT, new PartitionSettings(minimum, Set.of(), Set.of()))
        .plan(graph);
  }

  @Property
  void partitionsRunInOrderAndYieldEverything(
      @ForAll long seed,
      @ForAll @IntRange(min = 0, max = 60) int size,
      @ForAll @IntRange(min = 0, max = 4) int minimum) {
    FxGraph graph = random(seed, size);
    PartitionPlan plan = plan(graph, minimum);
    Set<String> known = new HashSet<>();
    graph.inputs().forEach(value -> known.add(value.name()));
    Set<String> weights = graph.weights().keySet();
    Set<String> placed = new HashSet<>();
    for (Partition partition : plan.partitions()) {
      FxGraph part = partition.graph();
      Set<String> local = new HashSet<>();
      part.inputs().forEach(value -> local.add(value.name()));
      assertThat(known).containsAll(local);
      assertThat(part.weights().keySet()).isSubsetOf(weights);
      local.addAll(part.weights().keySet());
      for (FxNode node : part.nodes()) {
        assertThat(local).as("%s in %s", node, partition.name()).containsAll(node.inputs());
        node.results().forEach(value -> local.add(value.name()));
        placed.add(node.name());
      }
      assertThat(local).containsAll(part.outputNames());
      assertThat(part.outputNames()).as("handed out twice").doesNotContainAnyElementsOf(known);
      known.addAll(part.outputNames());
    }
    known.addAll(weights);
    assertThat(known).containsAll(graph.outputNames());
    assertThat(placed).hasSize(size);
  }

  @Property
  void workIsDoneOnceAndOnlyWhereItIsTaken(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int size) {
    FxGraph graph = random(seed, size);
    PartitionPlan plan = plan(graph, 1);
    Map<String, Integer> copies = new HashMap<>();
    for (Partition partition : plan.partitions()) {
      for (FxNode node : partition.graph().nodes()) {
        copies.merge(node.name(), 1, Integer::sum);
        if (partition.kind() == Kind.AIT) {
          assertThat(node.target().name()).isNotEqualTo("fft_fft");
        }
      }
    }
    for (FxNode node : graph.nodes()) {
      if (!FreeOperators.isFree(node)) {
        assertThat(copies.get(node.name())).isEqualTo(1);
      }
    }
  }

  @Property
  void noViewCrossesABorder(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int size) {
    FxGraph graph = random(seed, size);
    Map<String, FxNode> producers = graph.producers();
    for (Partition partition : plan(graph, 1).partitions()) {
      for (FxValue input : partition.graph().inputs()) {
        FxNode producer = producers.get(input.name());
        assertThat(producer == null || !FreeOperators.isFree(producer)).isTrue();
      }
    }
  }

  @Property
  void noSplitHasFewerPartitions(@ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int size) {
    FxGraph graph = random(seed, size);
    List<FxNode> work = graph.nodes().stream().filter(node -> !FreeOperators.isFree(node)).toList();
    PartitionPlan plan = plan(graph, 0);
    boolean demoted =
        plan.fates().values().stream().anyMatch(fate -> fate.reason().contains("constant"));
    if (!work.isEmpty() && !demoted) {
      assertThat(plan.partitions()).hasSize(fewest(graph, work));
    }
  }

  /** The fewest runs of one kind over all orders in which the nodes can be executed. */
  private static int fewest(FxGraph graph, List<FxNode> work) {
    Map<String, Set<String>> bases = new HashMap<>();
    for (FxNode node : graph.nodes()) {
      Set<String> reads = new HashSet<>();
      for (String input : node.inputs()) {
        reads.addAll(bases.getOrDefault(input, Set.of()));
      }
      bases.put(node.name(), FreeOperators.isFree(node) ? reads : Set.of(node.name()));
      if (!FreeOperators.isFree(node)) {
        bases.put("reads " + node.name(), reads);
      }
    }
    Map<Integer, int[]> runs = new HashMap<>();
    runs.put(0, new int[] {0, 0});
    int all = (1 << work.size()) - 1;
    for (int done = 0; done <= all; done++) {
      int[] here = runs.get(done);
      if (here == null) {
        continue;
      }
      for (int i = 0; i < work.size(); i++) {
        if ((done >> i & 1) != 0 || !isReady(work, bases, done, i)) {
          continue;
        }
        int kind = work.get(i).target().name().equals("fft_fft") ? 1 : 0;
        int cost = done == 0 ? 1 : Math.min(here[kind], here[1 - kind] + 1);
        int[] there = runs.computeIfAbsent(done | 1 << i, k -> new int[] {1000, 1000});
        there[kind] = Math.min(there[kind], cost);
      }
    }
    int[] end = runs.get(all);
    return Math.min(end[0], end[1]);
  }

  private static boolean isReady(
      List<FxNode> work, Map<String, Set<String>> bases, int done, int i) {
    Set<String> reads = bases.get("reads " + work.get(i).name());
    for (int j = 0; j < work.size(); j++) {
      if ((done >> j & 1) == 0 && reads.contains(work.get(j).name())) {
        return false;
      }
    }
    return true;
  }
}
