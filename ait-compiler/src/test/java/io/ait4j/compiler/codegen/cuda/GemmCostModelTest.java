package io.ait4j.compiler.codegen.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.compiler.ir.Program;
import io.ait4j.fx.DType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GemmCostModelTest {
  /**
   * Microseconds of each tile for each shape, measured on an H200 with inputs rotated past its L2:
   * batch, m, n, k, then rows, columns, stages and split of the tile.
   */
  private static Map<GemmShape, Map<GemmTile, Double>> measured() throws IOException {
    Map<GemmShape, Map<GemmTile, Double>> all = new LinkedHashMap<>();
    try (InputStream in = GemmCostModelTest.class.getResourceAsStream("gemm_h200.txt")) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
        String[] f = line.split(" ");
        long[] s = Arrays.stream(f, 0, 4).mapToLong(Long::parseLong).toArray();
        int[] t = Arrays.stream(f[4].split(",")).mapToInt(Integer::parseInt).toArray();
        all.computeIfAbsent(new GemmShape(s[0], s[1], s[2], s[3]), x -> new HashMap<>())
            .put(new GemmTile.Wgmma(t[0], t[1], t[2], t[3], 2), Double.parseDouble(f[5]));
      }
    }
    return all;
  }

  @Test
  void theChosenTileIsNearlyTheFastest() throws IOException {
    measured()
        .forEach(
            (shape, times) -> {
              double best = times.values().stream().mapToDouble(t -> t).min().orElseThrow();
              GemmTile chosen = GemmCostModel.best(shape, List.copyOf(times.keySet()));
              assertThat(times.get(chosen) / best)
                  .as("%s of %s, fastest %.1f us", chosen.type(), shape, best)
                  .isLessThan(1.15);
            });
  }

  @Test
  void theFastestTilesAreCandidates() throws IOException {
    Program program = Products.of(DType.FLOAT16, 128, 768, 768).program();
    List<GemmTile> tiles = GemmCandidates.of(program, Products.kernel(program)).copied();
    measured().values().forEach(times -> assertThat(tiles).containsAll(times.keySet()));
  }

  @Test
  void floatsTakeAsLongAsTwiceAsManyHalves() {
    GemmTile halves = GemmTile.Wgmma.of(128, 256, 1, 2);
    GemmTile floats = GemmTile.Wgmma.of(128, 256, 1, 4);
    assertThat(GemmCostModel.cost(new GemmShape(1, 4096, 4096, 2048), floats))
        .isEqualTo(GemmCostModel.cost(new GemmShape(1, 4096, 4096, 4096), halves));
  }

  @Test
  void aFewRowsTakeAKernelOfTheirOwn() {
    Program program = Products.of(DType.FLOAT32, 1, 768, 768).program();
    List<GemmTile> tiles = GemmCandidates.of(program, Products.kernel(program)).general();
    assertThat(GemmCostModel.best(new GemmShape(1, 1, 768, 768), tiles))
        .isEqualTo(new GemmTile.FewRows(1));
    Program more = Products.of(DType.FLOAT32, 4096, 4096, 4096).program();
    List<GemmTile> others = GemmCandidates.of(more, Products.kernel(more)).general();
    assertThat(GemmCostModel.best(new GemmShape(1, 4096, 4096, 4096), others).rows())
        .isEqualTo(128);
  }
}
