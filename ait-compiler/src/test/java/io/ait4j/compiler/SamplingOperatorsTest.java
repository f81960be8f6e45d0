package io.ait4j.compiler;

import static io.ait4j.compiler.OperatorTable.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images read at points of a grid. */
class SamplingOperatorsTest {
  @TempDir Path cache;
  private Oracle oracle;
  private OperatorTable t;

  @BeforeEach
  void open() {
    oracle = new Oracle(cache, System.nanoTime());
    t = new OperatorTable(oracle);
  }

  @AfterEach
  void close() {
    oracle.close();
  }

  @Test
  void grids() {
    Arg image = t.input(DType.FLOAT32, 2, 3, 6, 7);
    Arg last = t.permuted(DType.FLOAT32, of(2, 3, 6, 7), 0, 2, 3, 1);
    Arg wide = t.input(DType.FLOAT64, 2, 3, 1, 5);
    Arg points = t.input(DType.FLOAT32, 2, 4, 9, 2);
    Arg more = t.input(DType.FLOAT64, 2, 4, 9, 2);
    for (boolean aligned : new boolean[] {false, true}) {
      for (int padding = 0; padding < 3; padding++) {
        for (int mode = 0; mode < 3; mode++) {
          String how = " mode " + mode + " padding " + padding + (aligned ? " aligned" : "");
          for (Arg x : List.of(image, last)) {
            Arg sampled = t.call("grid_sampler_2d", x, points, mode, padding, aligned);
            t.expect("2d" + how, 2e-5, sampled);
          }
          t.expect(
              "2d of doubles" + how,
              1e-9,
              t.call("grid_sampler_2d", wide, more, mode, padding, aligned));
        }
        for (int mode = 0; mode < 2; mode++) {
          Arg volume = t.input(DType.FLOAT32, 1, 2, 3, 4, 5);
          Arg in3d = t.input(DType.FLOAT32, 1, 2, 3, 4, 3);
          t.expect(
              "3d mode " + mode + " padding " + padding,
              2e-5,
              t.call("grid_sampler_3d", volume, in3d, mode, padding, aligned));
        }
      }
      Arg matrix = t.input(DType.FLOAT32, 2, 2, 3);
      Arg grid = t.call("affine_grid_generator", matrix, of(2, 3, 5, 6), aligned);
      t.expect("affine grid", 1e-5, grid);
      Arg solid = t.input(DType.FLOAT32, 2, 3, 4);
      t.expect(
          "affine grid of volumes",
          1e-5,
          t.call("affine_grid_generator", solid, of(2, 3, 1, 5, 6), aligned));
    }
    samplesWhatIsNoNumber();
    t.expect(
        "no images",
        1e-5,
        t.call(
            "grid_sampler_2d",
            t.input(DType.FLOAT32, 0, 3, 6, 7),
            t.input(DType.FLOAT32, 0, 4, 9, 2),
            0,
            0,
            false));
    t.check();
  }

  /** Infinities and NaN in the image, and points that are none. */
  private void samplesWhatIsNoNumber() {
    double inf = Double.POSITIVE_INFINITY;
    Number[] pixels = {1, inf, Double.NaN, 4, 5, 6, 7, 8, 9, 10, 11, -inf};
    Number[] points = {
      -1, -1, 0, -1, 0, 0, -1, 0, 0.5, 0, Double.NaN, 0, inf, 0, 0, -inf, 0.9, -1, 1.7, 0, 1, 1
    };
    Number[] solid = new Number[points.length / 2 * 3];
    for (int i = 0; i < solid.length; i++) {
      solid[i] = i % 3 == 2 ? i % 2 : points[i / 3 * 2 + i % 3];
    }
    for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
      Arg image = t.values(dtype, of(1, 1, 4, 3), pixels);
      Arg at = t.values(dtype, of(1, 1, points.length / 2, 2), points);
      Arg volume = t.values(dtype, of(1, 1, 2, 4, 3), pixels);
      Arg in = t.values(dtype, of(1, 1, 1, solid.length / 3, 3), solid);
      for (int padding = 0; padding < 3; padding++) {
        for (int mode = 0; mode < 2; mode++) {
          String how = "not finite, mode " + mode + " padding " + padding;
          t.expect(how, 1e-6, t.call("grid_sampler_2d", image, at, mode, padding, true));
          t.expect(how, 1e-6, t.call("grid_sampler_3d", volume, in, mode, padding, true));
        }
      }
      Arg cubic = t.call("grid_sampler_2d", image, at, 2, 0, true);
      t.expect("not finite, cubic", 1e-6, t.call("isnan", cubic));
    }
  }
}
