package io.ait4j.lower;

import io.ait4j.fallback.TorchModule;
import io.ait4j.fallback.TorchResult;
import io.ait4j.fx.Device;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A whole graph on libtorch, operator by operator: what the stitched module of the same graph is
 * compared with where nothing was recorded. Uses the graph's weights where they lie.
 */
public final class TorchReference implements AutoCloseable {
  private final FxGraph graph;
  private final ModuleInterface face;
  private final InputCheck check;
  private final TorchModule module;

  /**
   * Loads libtorch.
   *
   * @throws ModelException (RUN) if libtorch is not there or lacks an operator
   */
  public TorchReference(FxGraph graph) {
    this.graph = graph;
    this.face = ModuleInterface.of(graph);
    this.check = new InputCheck(face);
    this.module = TorchStep.load(graph, Device.CPU);
  }

  /**
   * Runs once, a model that has state from its first values. Inputs that the model writes to stay
   * as they are.
   *
   * @return the outputs that {@link LoweredModule#run} gives, in memory of {@code arena}
   * @throws ModelException (USAGE) as there; (RUN) if an operator fails
   */
  public List<NativeTensor> run(List<NativeTensor> inputs, Arena arena) {
    Map<String, Long> symbols = check.symbols(inputs);
    Map<String, NativeTensor> given = new HashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      given.put(face.inputs().get(i).name(), inputs.get(i));
    }
    face.states().forEach(state -> given.put(state.input(), state.initial()));
    List<NativeTensor> outputs = new ArrayList<>();
    try (TorchResult result =
        module.run(graph.inputs().stream().map(FxValue::name).map(given::get).toList(), symbols)) {
      for (int i = 0; i < face.outputs().size(); i++) {
        outputs.add(Tensors.copy(result.outputs().get(i), bytes -> memory(arena, bytes)));
      }
    }
    return outputs;
  }

  private static MemorySegment memory(Arena arena, long bytes) {
    return arena.allocate(Math.max(1, bytes), 64);
  }

  @Override
  public void close() {
    module.close();
  }
}
