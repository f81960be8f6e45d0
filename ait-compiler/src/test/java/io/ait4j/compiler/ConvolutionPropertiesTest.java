package io.ait4j.compiler;

import static io.ait4j.compiler.OperatorTable.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Convolutions of each rank and kind over batches and images of any size, empty batches too. */
class ConvolutionPropertiesTest {
  private static final Dim N = Property.N;
  private static final Dim M = Property.M;
  private static final Dim P = Property.P;
  private static final Dim Q = Property.Q;

  @TempDir Path cache;

  private static Arg image(Property p, DType dtype, long channels, Dim... sizes) {
    Dim[] shape = new Dim[sizes.length + 2];
    shape[0] = N;
    shape[1] = Dim.of(channels);
    System.arraycopy(sizes, 0, shape, 2, sizes.length);
    return p.input(dtype, Contents.NORMAL, shape);
  }

  private static Arg weight(Property p, DType dtype, long... shape) {
    return p.input(dtype, Contents.NORMAL, Dim.ofAll(shape).toArray(Dim[]::new));
  }

  private static Arg conv(
      Property p, Arg x, Arg w, Arg b, long[] stride, long[] pad, long[] dilation, int groups) {
    long[] none = new long[stride.length];
    return p.call("convolution", x, w, b, stride, pad, dilation, false, none, groups);
  }

  private static Arg transposed(
      Property p,
      Arg x,
      Arg w,
      long[] stride,
      long[] pad,
      long[] dilation,
      long[] more,
      int groups) {
    return p.call("convolution", x, w, null, stride, pad, dilation, true, more, groups);
  }

  private static Arg plane(Property p) {
    return image(p, DType.FLOAT32, 3, P, Q);
  }

  private static void kinds(Property p, DType dtype) {
    String of = " of " + dtype;
    Arg bias = weight(p, dtype, 4);
    Arg plane = image(p, dtype, 4, P.plus(3), M.plus(3));
    p.expectSum(
        "depthwise" + of,
        2e-6,
        6,
        2,
        conv(p, plane, weight(p, dtype, 4, 1, 2, 3), bias, of(1, 2), of(1, 0), of(1, 1), 4));
    p.expectSum(
        "transposed" + of,
        2e-6,
        24,
        1,
        transposed(
            p, plane, weight(p, dtype, 4, 3, 3, 2), of(2, 1), of(1, 0), of(1, 1), of(1, 0), 2));
  }

  @Test
  void convolutions() {
    Property.check(
        cache,
        200,
        p -> {
          kinds(p, DType.FLOAT32);
          kinds(p, DType.FLOAT16);
          DType dtype = DType.FLOAT32;
          Arg volume = image(p, dtype, 2, P.plus(1), P.plus(2), Q.plus(2));
          p.expectSum(
              "3d",
              2e-6,
              36,
              1,
              conv(
                  p,
                  volume,
                  weight(p, dtype, 3, 2, 2, 3, 3),
                  null,
                  of(1, 2, 1),
                  of(1, 0, 1),
                  of(1, 1, 1),
                  1));
          Arg line = image(p, dtype, 6, M.plus(5));
          Arg grouped = weight(p, dtype, 4, 3, 3);
          p.expectSum(
              "1d",
              2e-6,
              9,
              2,
              conv(p, line, grouped, weight(p, dtype, 4), of(2), of(1), of(2), 2));
          Arg shorter = image(p, dtype, 4, Q);
          p.expectSum(
              "transposed 1d, dilated",
              2e-6,
              12,
              1,
              transposed(p, shorter, weight(p, dtype, 4, 5, 3), of(3), of(1), of(2), of(2), 1));
          Arg wide = image(p, dtype, 32, P, Q);
          Arg last =
              conv(p, plane(p), p.weight(32, 3, 1, 1), null, of(1, 1), of(0, 0), of(1, 1), 1);
          p.expectSum(
              "by tiles",
              2e-6,
              288, // as many magnitudes of about 1/17 add up to
              1,
              conv(p, last, p.weight(32, 32, 3, 3), null, of(1, 1), of(1, 1), of(1, 1), 1));
          Arg deep =
              conv(
                  p,
                  volume,
                  p.weight(8, 2, 1, 1, 1),
                  null,
                  of(1, 1, 1),
                  of(0, 0, 0),
                  of(1, 1, 1),
                  1);
          p.expectSum(
              "transposed 3d by groups, beyond its image",
              2e-6,
              36,
              1,
              transposed(
                  p,
                  deep,
                  p.weight(8, 2, 2, 2, 2),
                  of(2, 2, 2),
                  of(0, 0, 0),
                  of(1, 1, 1),
                  of(1, 1, 1),
                  4));
          p.expectSum(
              "by a constant",
              2e-6,
              288,
              1,
              conv(p, wide, p.weight(32, 32, 3, 3), p.weight(32), of(1, 1), of(1, 1), of(1, 1), 1));
          p.expectSum(
              "depthwise by a constant",
              2e-6,
              9,
              1,
              conv(p, wide, p.weight(32, 1, 5, 5), null, of(2, 1), of(2, 2), of(1, 1), 32));
        });
  }
}
