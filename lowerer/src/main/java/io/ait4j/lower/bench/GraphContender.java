package io.ait4j.lower.bench;

import io.ait4j.fallback.TorchModule;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.NativeTensor;
import io.ait4j.lower.TorchReference;
import java.lang.foreign.Arena;
import java.util.List;

/** An imported graph on libtorch, operator by operator. */
final class GraphContender implements Contender {
  private final TorchReference graph;
  private final List<NativeTensor> inputs;

  GraphContender(FxGraph graph, List<NativeTensor> inputs, int threads) {
    TorchModule.setThreads(threads);
    this.graph = new TorchReference(graph);
    this.inputs = inputs;
  }

  @Override
  public String name() {
    return "libtorch";
  }

  @Override
  public void restore() {
    return; // runs leave the inputs as they are
  }

  @Override
  public void run() {
    try (Arena arena = Arena.ofConfined()) {
      graph.run(inputs, arena);
    }
  }

  @Override
  public List<NativeTensor> outputs(Arena arena) {
    return graph.run(inputs, arena);
  }

  @Override
  public void close() {
    graph.close();
  }
}
