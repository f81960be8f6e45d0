package io.ait4j.fx.export;

import java.util.List;
import java.util.Map;

/**
 * A model as {@code torch.export} writes it down.
 *
 * @param bounds of the symbols, by their names
 * @param guards conditions on the inputs, as Python
 * @param outputTree how the outputs nest in what the model returns: a tree in JSON; null if the
 *     file does not say
 */
record ExportedProgram(
    ProgramGraph graph,
    List<ProgramInput> inputs,
    List<ProgramOutput> outputs,
    Map<String, Bounds> bounds,
    List<String> guards,
    String outputTree) {
  ExportedProgram {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    bounds = Map.copyOf(bounds);
    guards = List.copyOf(guards);
  }

  /** Inclusive; {@link io.ait4j.fx.Dim#UNBOUNDED} as max for none. */
  record Bounds(long min, long max) {}
}
