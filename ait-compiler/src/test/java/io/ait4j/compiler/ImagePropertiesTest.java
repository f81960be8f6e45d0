package io.ait4j.compiler;

import static io.ait4j.compiler.OperatorTable.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pooling, resizing, sampling and padding of images of any size, and their windows. */
class ImagePropertiesTest {
  private static final Dim N = Property.N;
  private static final Dim M = Property.M;
  private static final Dim P = Property.P;
  private static final Dim Q = Property.Q;

  /** Of two zeros either may be the extreme. */
  private static final double EQUAL = Double.MIN_VALUE;

  private static final Dim CHANNELS = Dim.of(3);

  @TempDir Path cache;

  private static void pooling(Property p, DType dtype) {
    String of = " of " + dtype;
    Arg x = p.input(dtype, Contents.NORMAL, N, CHANNELS, P.plus(1), Q.plus(1));
    Arg extreme = p.input(dtype, Contents.ANY, N, CHANNELS, P.plus(1), Q.plus(2));
    Arg line = p.input(dtype, Contents.NORMAL, P, CHANNELS, Q.plus(2));
    Arg volume = p.input(dtype, Contents.NORMAL, P, Dim.of(2), P, P.plus(1), Q);
    for (boolean ceil : new boolean[] {false, true}) {
      String how = (ceil ? " up" : " down") + of;
      p.expect(
          "max" + how,
          EQUAL,
          p.call("max_pool2d", extreme, of(3, 2), of(2, 3), of(1, 1), of(1, 2), ceil));
      p.expectSum(
          "average" + how,
          2e-6,
          1,
          1,
          p.call("avg_pool2d", x, of(3, 2), of(2, 3), of(1, 1), ceil, ceil));
    }
    p.expect("max in 1d" + of, EQUAL, p.call("max_pool1d", line, of(3), of(2), of(1), of(1), true));
    p.expectSum(
        "average in 1d" + of, 2e-6, 1, 1, p.call("avg_pool1d", line, of(2), of(3), of(1), true));
    p.expect(
        "max in 3d" + of,
        EQUAL,
        p.call("max_pool3d", volume, of(1, 2, 3), of(2), of(0, 1, 1), of(1), true));
    p.expectSum(
        "average in 3d" + of,
        2e-6,
        1,
        1,
        p.call("avg_pool3d", volume, of(1, 2, 1), of(2), of(0, 1, 0), false, true, null));
    p.expectSum("adaptive" + of, 2e-6, 1, 1, p.call("_adaptive_avg_pool2d", x, of(3, 5)));
    List<Arg> maxima = p.calls("adaptive_max_pool2d", x, of(2, 4));
    p.expect("adaptive max" + of, EQUAL, maxima.get(0));
    p.expectSum("adaptive in 1d" + of, 2e-6, 1, 1, p.call("adaptive_avg_pool1d", line, of(6)));
    p.expectSum(
        "adaptive in 3d" + of, 2e-6, 1, 1, p.call("adaptive_avg_pool3d", volume, of(3, 1, 2)));
  }

  private static void padding(Property p, DType dtype) {
    String of = " of " + dtype;
    Arg x = p.input(dtype, Contents.ANY, N.plus(1), P.plus(3), Q.plus(2));
    for (String mode : List.of("reflect", "replicate", "circular")) {
      p.expect(mode + of, 0, p.call("pad", x, of(1, 2), mode, null));
    }
    Arg volume = p.input(dtype, Contents.ANY, P, Dim.of(2), P.plus(3), Q.plus(2));
    p.expect("reflect in 2d" + of, 0, p.call("reflection_pad2d", volume, of(2, 1, 0, 3)));
    p.expect("replicate in 2d" + of, 0, p.call("replication_pad2d", volume, of(0, 4, 5, 1)));
  }

  private static void resizing(Property p, DType dtype) {
    String of = " of " + dtype;
    Arg x = p.input(dtype, Contents.UNIT, P, Dim.of(2), P, Q);
    List<Dim> open = List.of(P.times(2), N.plus(4));
    if (dtype != DType.FLOAT64) {
      p.expect("nearest" + of, 0, p.call("upsample_nearest2d", x, of(7, 12), null, null));
      p.expect("nearest" + of, 0, p.call("upsample_nearest2d", x, open, null, null));
    }
    p.expect("nearest exact" + of, 0, p.call("_upsample_nearest_exact2d", x, of(5, 9), null, null));
    for (boolean aligned : new boolean[] {false, true}) {
      String how = (aligned ? " aligned" : "") + of;
      expectSmooth(p, "bilinear" + how, 4, p.call("upsample_bilinear2d", x, open, aligned));
      expectSmooth(p, "bicubic" + how, 10, p.call("upsample_bicubic2d", x, of(6, 11), aligned));
    }
    expectSmooth(p, "filtered" + of, 4, p.call("_upsample_bilinear2d_aa", x, of(3, 5), false));
    Arg line = p.input(dtype, Contents.UNIT, P, Dim.of(2), Q);
    expectSmooth(p, "linear" + of, 2, p.call("upsample_linear1d", line, of(13), false));
    Arg volume = p.input(dtype, Contents.UNIT, P, Dim.ONE, P, P, Q);
    expectSmooth(p, "trilinear" + of, 6, p.call("upsample_trilinear3d", volume, of(3, 4, 5), true));
  }

  /**
   * A place up to 70 is wrong by four roundings, and a result by as much times its change from one
   * pixel to the next, here and in libtorch.
   */
  private static void expectSmooth(Property p, String name, double change, Arg output) {
    double unit = p.meta(output).dtype() == DType.FLOAT64 ? 0x1p-53 : 0x1p-24;
    p.expectSum(name, 4 * 70 * unit, 1, 2 * change, output);
  }

  private static void sampling(Property p, DType dtype) {
    Arg x = p.input(dtype, Contents.UNIT, N, Dim.of(2), P, Q);
    Arg points = p.input(dtype, Contents.DYADIC, N, P, Dim.of(4), Dim.of(2));
    for (int mode = 0; mode < 3; mode++) {
      for (int padding = 0; padding < 3; padding++) {
        boolean aligned = (mode + padding) % 2 == 1;
        String how = mode + " beyond " + padding + (aligned ? " aligned of " : " of ") + dtype;
        Arg sampled = p.call("grid_sampler_2d", x, points, mode, padding, aligned);
        expectSmooth(p, "sampling " + how, mode == 2 ? 10 : 4, sampled);
      }
    }
  }

  private static void windows(Property p, DType dtype) {
    String of = " of " + dtype;
    Arg x = p.input(dtype, Contents.NORMAL, N, Dim.of(2), P.plus(3), M.plus(4));
    p.expect("windows" + of, 0, p.call("im2col", x, of(3, 2), of(1, 2), of(0, 1), of(2, 1)));
    Arg parts = p.input(dtype, Contents.NORMAL, N, Dim.of(12), P.times(M.plus(2)));
    Arg folded =
        p.call(
            "col2im", parts, List.of(P.plus(1), M.plus(2)), of(2, 3), of(1, 1), of(0, 1), of(1, 1));
    p.expectSum("folded" + of, 2e-6, 6, 1, folded);
  }

  @Test
  void poolingAndPadding() {
    Property.check(
        cache,
        200,
        p -> {
          List.of(DType.FLOAT32, DType.FLOAT64).forEach(dtype -> pooling(p, dtype));
          List.of(DType.FLOAT32, DType.FLOAT16).forEach(dtype -> padding(p, dtype));
        });
  }

  @Test
  void resizingAndSampling() {
    Property.check(
        cache,
        200,
        p -> {
          List.of(DType.FLOAT32, DType.FLOAT64).forEach(dtype -> resizing(p, dtype));
          sampling(p, DType.FLOAT32);
          List.of(DType.FLOAT32, DType.FLOAT16).forEach(dtype -> windows(p, dtype));
        });
  }
}
