package io.ait4j.compiler;

import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random graphs over sizes that differ from run to run: one library, libtorch's numbers at each.
 */
class RandomDynamicGraphsTest {
  @TempDir Path cache;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void anyBatch(long seed) {
    check(
        seed,
        List.of(Dim.symbol("b", 1, 9)),
        List.of(Map.of("b", 1L), Map.of("b", 9L), Map.of("b", 5L)));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void anyBatchAndLength(long seed) {
    check(
        seed,
        List.of(Dim.symbol("b", 0, 5), Dim.symbol("s", 2, 21)),
        List.of(
            Map.of("b", 0L, "s", 2L),
            Map.of("b", 1L, "s", 21L),
            Map.of("b", 5L, "s", 13L),
            Map.of("b", 3L, "s", 3L)));
  }

  private void check(long seed, List<Dim> symbols, List<Map<String, Long>> sizes) {
    try (Oracle oracle = new Oracle(cache, seed)) {
      FxGraph graph = new RandomDynamicGraph(oracle, seed, symbols).grow(25);
      oracle.checkSizes(graph, sizes, 1e-4);
    }
  }
}
