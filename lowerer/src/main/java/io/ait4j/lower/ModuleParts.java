package io.ait4j.lower;

import java.util.List;

/** What a {@link LoweredModule} is made of, loaded. */
record ModuleParts(ModuleInterface face, List<LoadedPartition> steps, LoweringReport report) {
  ModuleParts {
    steps = List.copyOf(steps);
  }
}
