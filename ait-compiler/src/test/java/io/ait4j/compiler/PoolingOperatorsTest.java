package io.ait4j.compiler;

import static io.ait4j.compiler.OperatorTable.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.TensorMeta;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pooling and resizing. */
class PoolingOperatorsTest {
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

  private List<Arg> images() {
    return List.of(
        t.input(DType.FLOAT32, 2, 3, 10, 11),
        t.permuted(DType.FLOAT32, of(2, 3, 10, 11), 0, 2, 3, 1),
        t.input(DType.FLOAT64, 3, 10, 11));
  }

  @Test
  void maximaAndAverages() {
    for (Arg x : images()) {
      String of = " of " + t.meta(x);
      for (boolean ceil : new boolean[] {false, true}) {
        String how = (ceil ? " ceil" : "") + of;
        t.expect(
            "max 3x3" + how,
            0,
            t.call("max_pool2d", x, of(3, 3), of(2, 2), of(1, 1), of(1, 1), ceil));
        t.expect("max 2" + how, 0, t.call("max_pool2d", x, of(2), of(), of(0), of(1), ceil));
        t.expect(
            "max dilated" + how,
            0,
            t.call("max_pool2d", x, of(3, 2), of(3, 2), of(1, 0), of(2, 3), ceil));
        for (boolean pads : new boolean[] {false, true}) {
          String also = (pads ? " with padding" : "") + how;
          t.expect(
              "avg 3x3" + also,
              1e-6,
              t.call("avg_pool2d", x, of(3, 3), of(2, 2), of(1, 1), ceil, pads));
          t.expect(
              "avg 4x3" + also,
              1e-6,
              t.call("avg_pool2d", x, of(4, 3), of(3, 2), of(2, 1), ceil, pads));
          t.expect("avg 2" + also, 1e-6, t.call("avg_pool2d", x, of(2), of(), of(0), ceil, pads));
        }
        t.expect(
            "avg divisor" + how,
            1e-6,
            t.call("avg_pool2d", x, of(3, 3), of(2, 2), of(1, 1), ceil, true, 5));
      }
    }
    Arg s = t.input(DType.FLOAT32, 2, 3, 17);
    t.expect("max_pool1d", 0, t.call("max_pool1d", s, of(3), of(2), of(1)));
    t.expect("avg_pool1d", 1e-6, t.call("avg_pool1d", s, of(3), of(2), of(1)));
    t.check();
  }

  @Test
  void nanWins() {
    Arg x =
        t.values(
            DType.FLOAT32,
            of(1, 1, 4, 4),
            1.0,
            -2.0,
            Double.NaN,
            Double.NEGATIVE_INFINITY,
            Double.POSITIVE_INFINITY,
            -1e38,
            0.0);
    t.expect("max", 0, t.call("max_pool2d", x, of(2, 2), of(1, 1), of(1, 1)));
    t.expect("avg", 1e-6, t.call("avg_pool2d", x, of(2, 2), of(1, 1), of(1, 1)));
    Arg low = t.call("full", of(1, 1, 3, 3), Double.NEGATIVE_INFINITY);
    t.expect("max of nothing else", 0, t.call("max_pool2d", low, of(2, 2), of(1, 1), of(1, 1)));
    t.check();
  }

  @Test
  void adaptiveAverages() {
    for (Arg x : images()) {
      for (long[] size : List.of(of(1, 1), of(5, 11), of(3, 4), of(7, 7), of(10, 11), of(13, 20))) {
        t.expect(
            "to " + size[0] + " x " + size[1] + " of " + t.meta(x),
            1e-6,
            t.call("_adaptive_avg_pool2d", x, size));
      }
    }
    t.expect("in 1d", 1e-6, t.call("adaptive_avg_pool1d", t.input(DType.FLOAT32, 2, 3, 17), of(5)));
    t.check();
  }

  @Test
  void volumes() {
    for (Arg x :
        List.of(
            t.input(DType.FLOAT32, 2, 3, 6, 7, 5),
            t.permuted(DType.FLOAT32, of(2, 3, 6, 7, 5), 0, 2, 3, 4, 1),
            t.input(DType.FLOAT64, 3, 6, 7, 5))) {
      String of = " of " + t.meta(x);
      for (boolean ceil : new boolean[] {false, true}) {
        String how = (ceil ? " ceil" : "") + of;
        long[] pad = of(1, 0, 1);
        t.expect(
            "max" + how,
            0,
            t.call("max_pool3d", x, of(2, 3, 2), of(2, 2, 1), pad, of(2, 1, 1), ceil));
        t.expect(
            "avg" + how,
            1e-6,
            t.call("avg_pool3d", x, of(2, 3, 2), of(2, 2, 3), pad, ceil, true, null));
        t.expect(
            "avg of what is there" + how,
            1e-6,
            t.call("avg_pool3d", x, of(3), of(), of(1), ceil, false, null));
        t.expect(
            "avg divisor" + how, 1e-6, t.call("avg_pool3d", x, of(2), of(), of(0), ceil, false, 5));
      }
      for (long[] size : List.of(of(3, 4, 5), of(2, 7, 5), of(9, 2, 1))) {
        t.expect("adaptive avg" + of, 1e-6, t.call("adaptive_avg_pool3d", x, size));
      }
    }
    t.check();
  }

  private void expectPlaces(String what, List<Arg> results) {
    t.expect(what, 0, results.get(0));
    t.expect("places of " + what, 0, results.get(1));
  }

  @Test
  void placesOfMaxima() {
    Arg plane =
        t.values(
            DType.FLOAT32,
            of(2, 3, 5, 8),
            1.0,
            2.0,
            2.0,
            -1.0,
            Double.NaN,
            0.0,
            1.0,
            3.0,
            3.0,
            3.0,
            Double.NEGATIVE_INFINITY,
            0.5,
            -2.0);
    List<Arg> images =
        List.of(
            plane,
            t.permuted(DType.FLOAT32, of(2, 3, 5, 8), 0, 2, 3, 1),
            t.input(DType.FLOAT64, 3, 5, 8));
    for (Arg x : images) {
      for (boolean ceil : new boolean[] {false, true}) {
        expectPlaces(
            "2d " + t.meta(x),
            t.calls("max_pool2d_with_indices", x, of(3, 2), of(2, 1), of(1, 1), of(1, 2), ceil));
      }
      expectPlaces("adaptive 2d " + t.meta(x), t.calls("adaptive_max_pool2d", x, of(3, 5)));
      expectPlaces("divided 2d " + t.meta(x), t.calls("adaptive_max_pool2d", x, of(5, 4)));
    }
    Arg low = t.call("full", of(1, 1, 3, 3), Double.NEGATIVE_INFINITY);
    expectPlaces(
        "nothing else", t.calls("max_pool2d_with_indices", low, of(2, 2), of(1, 1), of(1, 1)));
    Arg volume = t.input(DType.FLOAT32, 2, 3, 4, 5, 6);
    expectPlaces(
        "3d", t.calls("max_pool3d_with_indices", volume, of(2, 3, 2), of(1, 2, 2), of(1, 1, 0)));
    expectPlaces("adaptive 3d", t.calls("adaptive_max_pool3d", volume, of(3, 2, 4)));
    expectPlaces(
        "adaptive 1d", t.calls("adaptive_max_pool1d", t.input(DType.FLOAT32, 2, 3, 11), of(4)));
    t.check();
  }

  @Test
  void resizing() {
    Arg x = t.input(DType.FLOAT32, 2, 3, 5, 7);
    Arg last = t.permuted(DType.FLOAT32, of(2, 3, 5, 7), 0, 2, 3, 1);
    for (Arg image : List.of(x, last)) {
      for (long[] size :
          List.of(
              of(10, 14),
              of(15, 7),
              of(8, 9),
              of(3, 4),
              of(1, 1),
              of(5, 7),
              of(13, 23),
              of(64, 3))) {
        String to = " to " + size[0] + " x " + size[1];
        t.expect("nearest" + to, 0, t.call("upsample_nearest2d", image, size, null, null));
        t.expect(
            "bilinear" + to, 1e-5, t.call("upsample_bilinear2d", image, size, false, null, null));
        t.expect(
            "bilinear aligned" + to,
            1e-5,
            t.call("upsample_bilinear2d", image, size, true, null, null));
      }
      t.expect("nearest by scale", 0, t.call("upsample_nearest2d", image, of(7, 11), 1.5, 1.6));
      t.expect(
          "nearest by whole scale", 0, t.call("upsample_nearest2d", image, of(10, 14), 2.0, 2.0));
      t.expect(
          "bilinear by scale",
          1e-5,
          t.call("upsample_bilinear2d", image, of(7, 11), false, 1.5, 1.6));
      t.expect(
          "bilinear by whole scale",
          1e-5,
          t.call("upsample_bilinear2d", image, of(10, 14), false, 2.0, 2.0));
    }
    Arg wide = t.input(DType.FLOAT64, 1, 2, 6, 4);
    t.expect("nearest of doubles", 0, t.call("upsample_nearest2d", wide, of(7, 9), null, null));
    t.expect(
        "bilinear of doubles",
        1e-9,
        t.call("upsample_bilinear2d", wide, of(7, 9), false, null, null));
    t.expect(
        "linear in 1d",
        1e-5,
        t.call("upsample_linear1d", t.input(DType.FLOAT32, 2, 3, 7), of(12), false, null));
    t.check();
  }

  /**
   * Sizes at which float, double and exact arithmetic part, and factors that the sizes contradict.
   */
  @Test
  void nearestElementsAsTheyRound() {
    for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64, DType.UINT8)) {
      for (long[] pair : partings()) {
        long in = pair[0];
        long out = pair[1];
        String how = dtype + " from " + in + " to " + out;
        Arg line = t.values(dtype, of(1, 1, in), counting());
        t.expect(how + " 1d", 0, t.call("upsample_nearest1d", line, of(out), null));
        Arg image = t.values(dtype, of(1, 1, 1, in), counting());
        for (long height : of(1, 130)) {
          for (String name : List.of("upsample_nearest2d", "_upsample_nearest_exact2d")) {
            Arg resized = t.call(name, image, of(height, out), null, null);
            t.expect(how + " " + name + " of " + height, 0, resized);
          }
        }
      }
      for (double factor : new double[] {1.2, 2.4}) {
        long out = (long) (2 * factor);
        Arg image = t.values(dtype, of(1, 4, 2, 2), counting());
        Arg last = t.permuted(dtype, of(1, 4, 2, 2), 0, 2, 3, 1);
        for (long height : of(out, 130)) {
          for (Arg x : List.of(image, last)) {
            t.expect(
                dtype + " by " + factor + " to " + height,
                0,
                t.call("upsample_nearest2d", x, of(height, out), null, factor));
          }
        }
        Arg line = t.values(dtype, of(1, 4, 2), counting());
        t.expect("line by " + factor, 0, t.call("upsample_nearest1d", line, of(out), factor));
      }
    }
    t.check();
  }

  private static Number[] counting() {
    Number[] values = new Number[256];
    Arrays.setAll(values, i -> i);
    return values;
  }

  /** Pairs of sizes whose ratios round over a whole number in float, in double, or in neither. */
  private static List<long[]> partings() {
    Random random = new Random();
    List<long[]> pairs = new ArrayList<>();
    while (pairs.size() < 6) {
      long in = 1 + random.nextInt(250);
      long out = 1 + random.nextInt(110);
      float single = (float) in / out;
      double wide = (double) in / out;
      for (long o = 0; o < out; o++) {
        if ((long) (o * single) != (long) (float) (o * wide) || (long) (o * wide) != o * in / out) {
          pairs.add(new long[] {in, out});
          break;
        }
      }
    }
    return pairs;
  }

  @Test
  void sizesThatAreOpenKnowTheSmallAndTheLarge() {
    Dim n = Dim.symbol("n", 1, 200);
    TensorMeta image =
        TensorMeta.contiguous(DType.FLOAT64, List.of(Dim.ONE, Dim.of(2), n, Dim.of(9)));
    FxGraph graph =
        Oracle.graph(
            List.of(image),
            (b, in) ->
                List.of(
                    b.call(
                        "aten::upsample_nearest2d",
                        in.getFirst(),
                        Arg.ofDims(List.of(n.times(3).floorDiv(5).plus(1), Dim.of(11))),
                        Arg.NONE,
                        Arg.NONE)));
    List<Map<String, Long>> sizes = new ArrayList<>();
    for (long size : of(1, 2, 77, 161, 193, 196, 200)) {
      sizes.add(Map.of("n", size));
    }
    oracle.checkSizes(graph, sizes, 0);
  }

  @Test
  void openSizesTakeEitherWayWhereTheyPart() {
    Dim h = Dim.symbol("h", 1, 200);
    List<long[]> pairs = partings();
    pairs.add(of(2, 82));
    List<TensorMeta> images =
        pairs.stream()
            .map(p -> List.of(Dim.ONE, Dim.ONE, h, Dim.of(p[0])))
            .map(shape -> TensorMeta.contiguous(DType.FLOAT64, shape))
            .toList();
    FxGraph graph =
        Oracle.graph(
            images,
            (b, in) -> {
              List<Arg> resized = new ArrayList<>();
              for (int i = 0; i < in.size(); i++) {
                Arg size = Arg.ofDims(List.of(h, Dim.of(pairs.get(i)[1])));
                resized.add(
                    b.call("aten::upsample_nearest2d", in.get(i), size, Arg.NONE, Arg.NONE));
              }
              return resized;
            });
    List<Map<String, Long>> sizes = new ArrayList<>();
    for (long size : of(1, 30, 46, 47, 128, 200)) {
      sizes.add(Map.of("h", size));
    }
    oracle.checkSizes(graph, sizes, 0);
  }

  @Test
  void moreResizing() {
    Arg x = t.input(DType.FLOAT32, 2, 3, 5, 7);
    Arg last = t.permuted(DType.FLOAT32, of(2, 3, 5, 7), 0, 2, 3, 1);
    for (Arg image : List.of(x, last)) {
      for (long[] size : List.of(of(10, 14), of(8, 9), of(3, 4), of(1, 1), of(5, 7), of(13, 3))) {
        String to = " to " + size[0] + " x " + size[1];
        t.expect(
            "nearest exact" + to, 0, t.call("_upsample_nearest_exact2d", image, size, null, null));
        for (boolean aligned : new boolean[] {false, true}) {
          for (String name :
              List.of("upsample_bicubic2d", "_upsample_bilinear2d_aa", "_upsample_bicubic2d_aa")) {
            t.expect(
                name + (aligned ? " aligned" : "") + to,
                2e-5,
                t.call(name, image, size, aligned, null, null));
          }
        }
      }
      t.expect(
          "bicubic by scale",
          2e-5,
          t.call("upsample_bicubic2d", image, of(7, 11), false, 1.5, 1.6));
      t.expect(
          "nearest exact by scale",
          0,
          t.call("_upsample_nearest_exact2d", image, of(7, 11), 1.5, 1.6));
    }
    Arg line = t.input(DType.FLOAT32, 2, 3, 7);
    t.expect("nearest exact 1d", 0, t.call("_upsample_nearest_exact1d", line, of(12), null));
    Arg volume = t.input(DType.FLOAT32, 2, 3, 4, 5, 3);
    for (long[] size : List.of(of(8, 10, 6), of(3, 7, 5))) {
      t.expect("nearest 3d", 0, t.call("upsample_nearest3d", volume, size, null, null, null));
      t.expect(
          "nearest exact 3d",
          0,
          t.call("_upsample_nearest_exact3d", volume, size, null, null, null));
      t.expect(
          "trilinear", 1e-5, t.call("upsample_trilinear3d", volume, size, false, null, null, null));
      t.expect(
          "trilinear aligned",
          1e-5,
          t.call("upsample_trilinear3d", volume, size, true, null, null, null));
    }
    t.check();
  }
}
