package io.ait4j.lower;

import io.ait4j.fx.FxValue;
import java.util.List;

/** What a {@link LoweredModule} is made of, loaded. */
record ModuleParts(
    List<FxValue> inputs,
    List<LoadedPartition> steps,
    List<OutputSource> outputs,
    LoweringReport report) {
  ModuleParts {
    inputs = List.copyOf(inputs);
    steps = List.copyOf(steps);
    outputs = List.copyOf(outputs);
  }
}
