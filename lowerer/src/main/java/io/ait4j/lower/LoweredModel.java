package io.ait4j.lower;

import io.ait4j.fx.ModelException;
import io.ait4j.fx.WholeFile;
import io.ait4j.partition.Partition;
import io.ait4j.partition.PartitionPlan;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A graph that was split and compiled: what an {@code .aitm} file is written from. It refers to the
 * weights of its graph and to the arena it was made in, which must still be there when it is
 * written.
 */
public final class LoweredModel {
  private final PartitionPlan plan;
  private final Map<Partition, PartitionBuilder.Built> built;
  private final LoweringReport report;

  LoweredModel(
      PartitionPlan plan, Map<Partition, PartitionBuilder.Built> built, LoweringReport report) {
    this.plan = plan;
    this.built = built;
    this.report = report;
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
    write(file, part -> {});
  }

  /**
   * Likewise.
   *
   * @param written hears of the whole file before it appears, while nobody else knows of it
   */
  void write(Path file, Consumer<Path> written) {
    WholeFile.write(
        file,
        part -> {
          new AitmWriter(plan, built, report).write(part);
          written.accept(part);
        });
  }
}
