package io.ait4j.lower;

import io.ait4j.compiler.CompileReport;
import io.ait4j.compiler.CompiledPartition;
import io.ait4j.compiler.build.BuildProgress;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.ModelException;
import io.ait4j.partition.Partition;
import io.ait4j.partition.PartitionPlan;
import io.ait4j.partition.PartitionSettings;
import io.ait4j.partition.Partitioner;
import java.lang.foreign.SegmentAllocator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Splits a graph, compiles what the compiler takes, and leaves the rest to libtorch. */
public final class AitLowerer {
  private final PartitionBuilder builder;
  private final LowerSettings settings;
  private final Consumer<ConversionStep> progress;
  private final SegmentAllocator memory;
  private final List<String> demotions = new ArrayList<>();

  AitLowerer(
      PartitionBuilder builder,
      LowerSettings settings,
      Consumer<ConversionStep> progress,
      SegmentAllocator memory) {
    this.builder = builder;
    this.memory = memory;
    this.settings = settings;
    this.progress = progress;
  }

  /**
   * Lowers {@code graph}.
   *
   * @param memory for the constants that are folded and packed; until the result is written
   * @param progress hears what is being done
   * @throws ModelException (COMPILE) if there is no C++ compiler, or a partition falls back and the
   *     settings forbid it; (USAGE) if the settings name what is not there; (IO) if the cache
   *     folder cannot be written
   */
  public static LoweredModel lower(
      FxGraph graph,
      LowerSettings settings,
      SegmentAllocator memory,
      Consumer<ConversionStep> progress) {
    return new AitLowerer(new AitPartitionBuilder(settings), settings, progress, memory)
        .lower(graph);
  }

  /**
   * How {@code graph} would be split, and why, if every partition builds. Compiles nothing.
   *
   * @throws ModelException (USAGE) if the settings name what is not there
   */
  public static LoweringReport plan(FxGraph graph, LowerSettings settings) {
    PartitionBuilder builder = new AitPartitionBuilder(settings);
    PartitionPlan plan = plan(settings.io().of(graph), builder, settings);
    Map<Partition, CompileReport> reports = new LinkedHashMap<>();
    for (Partition partition : plan.partitions()) {
      if (partition.kind() == Partition.Kind.AIT) {
        reports.put(partition, builder.plan(partition.graph()));
      }
    }
    return Reports.of(plan, reports, settings, List.of());
  }

  static PartitionPlan plan(FxGraph graph, PartitionBuilder builder, LowerSettings settings) {
    return new Partitioner(
            builder.support(),
            new PartitionSettings(
                settings.minPartitionSize(), settings.excludedOps(), settings.excludedNodes()))
        .plan(graph);
  }

  LoweredModel lower(FxGraph source) {
    FxGraph typed = settings.io().of(source);
    FxGraph graph =
        settings.state() == LowerSettings.State.EXTERNAL ? ExternalState.of(typed) : typed;
    progress.accept(new ConversionStep(ConversionStep.Phase.PARTITION, "splitting the graph"));
    PartitionPlan plan = plan(graph, builder, settings);
    Map<Partition, CompiledPartition> built = new LinkedHashMap<>();
    boolean complete;
    do {
      requireFull(plan);
      if (plan.count(Partition.Kind.AIT) > 0) {
        builder.requireCompiler();
      }
      built.clear();
      Optional<Failure> failure = build(plan, built);
      complete = failure.isEmpty();
      plan = complete ? plan : demote(plan, failure.get());
    } while (!complete);
    Map<Partition, CompileReport> reports = new LinkedHashMap<>();
    built.forEach((partition, made) -> reports.put(partition, made.report()));
    return new LoweredModel(plan, built, settings, Reports.of(plan, reports, settings, demotions));
  }

  private record Failure(Partition partition, String reason) {}

  private Optional<Failure> build(PartitionPlan plan, Map<Partition, CompiledPartition> built) {
    List<Partition> partitions =
        plan.partitions().stream().filter(p -> p.kind() == Partition.Kind.AIT).toList();
    double total = partitions.stream().mapToInt(p -> p.graph().nodes().size()).sum();
    int done = 0;
    for (Partition partition : partitions) {
      int before = done;
      int nodes = partition.graph().nodes().size();
      ConversionStep step =
          new ConversionStep(
              ConversionStep.Phase.COMPILE,
              before / total,
              "compiling %s (%d of %d, %d nodes)"
                  .formatted(partition.name(), built.size() + 1, partitions.size(), nodes),
              "");
      progress.accept(step);
      BuildProgress files =
          (compiled, all) ->
              progress.accept(
                  step.with(
                      (before + (double) nodes * compiled / all) / total,
                      "%d of %d files".formatted(compiled, all)));
      try {
        built.put(partition, builder.build(partition.graph(), memory, files));
        done += nodes;
      } catch (RuntimeException e) {
        return Optional.of(new Failure(partition, Culprits.reason(e)));
      }
    }
    return Optional.empty();
  }

  private PartitionPlan demote(PartitionPlan plan, Failure failure) {
    List<FxNode> culprits = new Culprits(builder, this::searching).of(failure.partition().graph());
    PartitionPlan next = plan;
    for (FxNode node : culprits) {
      next = next.demote(node.name(), "its build failed: " + failure.reason());
    }
    demotions.add(
        "partition %s did not build, so libtorch runs %s: %s"
            .formatted(
                failure.partition().name(),
                culprits.stream()
                    .map(node -> node.name() + " (" + node.target() + ")")
                    .collect(Collectors.joining(", ")),
                failure.reason()));
    return next;
  }

  private void searching(String what) {
    progress.accept(new ConversionStep(ConversionStep.Phase.COMPILE, what));
  }

  private void requireFull(PartitionPlan plan) {
    if (settings.requireFull() && plan.count(Partition.Kind.FALLBACK) > 0) {
      throw new ModelException(
          ModelException.Kind.COMPILE,
          "the model cannot be compiled as a whole, as --require-full asks:\n"
              + Reports.of(plan, Map.of(), settings, demotions));
    }
  }
}
