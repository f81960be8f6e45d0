package io.ait4j.lower;

import java.util.List;

/**
 * What a {@link LoweredModule} is made of, loaded.
 *
 * @param gpu that it runs on; null for the CPU
 */
record ModuleParts(
    ModuleInterface face,
    List<LoadedPartition> steps,
    ModuleWeights weights,
    ReportEntry report,
    Gpu gpu) {
  ModuleParts {
    steps = List.copyOf(steps);
  }
}
