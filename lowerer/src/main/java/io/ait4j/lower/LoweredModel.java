package io.ait4j.lower;

import io.ait4j.compiler.CompiledPartition;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.WholeFile;
import io.ait4j.partition.Partition;
import io.ait4j.partition.PartitionPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A graph that was split and compiled: what an {@code .aitm} file is written from. It refers to the
 * weights of its graph and to the arena it was made in, which must still be there when it is
 * written.
 */
public final class LoweredModel {
  private final PartitionPlan plan;
  private final Map<Partition, CompiledPartition> built;
  private final LowerSettings settings;
  private final LoweringReport report;

  LoweredModel(
      PartitionPlan plan,
      Map<Partition, CompiledPartition> built,
      LowerSettings settings,
      LoweringReport report) {
    this.plan = plan;
    this.built = built;
    this.settings = settings;
    this.report = report;
  }

  PartitionPlan plan() {
    return plan;
  }

  CompiledPartition built(Partition partition) {
    return built.get(partition);
  }

  LowerSettings settings() {
    return settings;
  }

  /** How the graph was split, and why. */
  public LoweringReport report() {
    return report;
  }

  /**
   * Writes {@code file}, which appears whole or not at all.
   *
   * @throws ModelException (IO) if it cannot be written
   */
  public void write(Path file) {
    write(List.of(this), file, part -> {});
  }

  /**
   * Writes one file of a graph that was lowered for several targets.
   *
   * @param targets one for each, by settings that differ in the target alone
   * @param written hears of the whole file before it appears, while nobody else knows of it
   */
  static void write(List<LoweredModel> targets, Path file, Consumer<Path> written) {
    WholeFile.write(
        file,
        part -> {
          new AitmWriter(targets).write(part);
          written.accept(part);
        });
  }
}
