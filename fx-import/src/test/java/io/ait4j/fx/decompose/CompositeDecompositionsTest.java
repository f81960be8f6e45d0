package io.ait4j.fx.decompose;

import static io.ait4j.fx.Arg.of;
import static io.ait4j.fx.decompose.DecompositionChecks.compare;
import static io.ait4j.fx.decompose.DecompositionChecks.comparePartly;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.RandomTensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Distances, losses, windows, volumes, diagonals, recurrent cells, special functions. */
class CompositeDecompositionsTest {
  private static Arg flag(RandomTensors t) {
    return new Arg.Bool(t.random.nextBoolean());
  }

  private static Arg numbers(RandomTensors t, int count, int from, int to) {
    long[] values = new long[t.random.nextInt(3) == 0 ? 1 : count];
    Arrays.setAll(values, i -> t.random.nextInt(from, to));
    return Arg.ints(values);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cdist", "_cdist_forward"})
  void distances(String name) {
    compare(
        name,
        60,
        t -> {
          long batch = t.size();
          long width = 1 + t.random.nextInt(5);
          double[] orders = {0, 1, 2, 3, Double.POSITIVE_INFINITY};
          return List.of(
              t.tensor(DType.FLOAT64, batch, 1 + t.random.nextInt(4), width),
              t.tensor(DType.FLOAT64, batch, 1 + t.random.nextInt(4), width),
              of(orders[t.random.nextInt(orders.length)]),
              of(2));
        });
  }

  @Test
  void lossesOfProbabilities() {
    compare(
        "kl_div",
        60,
        t -> {
          long[] shape = t.shape(1 + t.random.nextInt(2));
          return List.of(
              t.tensor(DType.FLOAT64, shape),
              t.positive(DType.FLOAT64, shape),
              of(t.random.nextInt(3)),
              flag(t));
        });
  }

  @Test
  void sumsOfProducts() {
    compare(
        "addbmm",
        40,
        t ->
            List.of(
                t.tensor(DType.FLOAT64, 3, 5),
                t.tensor(DType.FLOAT64, 2, 3, 4),
                t.tensor(DType.FLOAT64, 2, 4, 5),
                of(t.random.nextInt(3)),
                of(2)));
    compare(
        "logaddexp2",
        40,
        t -> List.of(t.tensor(DType.FLOAT64, 3, 5), t.tensor(DType.FLOAT64, 3, 5)));
  }

  @Test
  void spectraShifted() {
    for (String name : List.of("fft_fftshift", "fft_ifftshift")) {
      compare(
          name,
          40,
          t ->
              List.of(
                  t.tensor(DType.FLOAT32, t.shape(2)),
                  t.random.nextBoolean() ? Arg.NONE : Arg.ints(t.random.nextInt(2))));
    }
  }

  @Test
  void distancesOfPairs() {
    compare(
        "pairwise_distance",
        60,
        t -> {
          long[] shape = t.shape(1 + t.random.nextInt(3));
          return List.of(
              t.tensor(DType.FLOAT64, shape),
              t.tensor(DType.FLOAT64, shape),
              of(2.0),
              of(1e-6),
              flag(t));
        });
    compare(
        "dist",
        30,
        t -> List.of(t.tensor(DType.FLOAT64, 3, 4), t.tensor(DType.FLOAT64, 4), of(2.0)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss"})
  void losses(String name) {
    compare(
        name,
        60,
        t -> {
          long[] shape = t.shape(t.random.nextInt(4));
          List<Arg> args = new ArrayList<>();
          args.add(t.tensor(DType.FLOAT64, shape));
          args.add(t.tensor(DType.FLOAT64, shape));
          args.add(of(t.random.nextInt(3)));
          if (name.startsWith("smooth") || name.startsWith("huber")) {
            args.add(of(0.7));
          }
          return args;
        });
  }

  @Test
  void lossOfLogits() {
    compare(
        "binary_cross_entropy_with_logits",
        60,
        t -> {
          long[] shape = t.shape(1 + t.random.nextInt(2));
          long last = shape[shape.length - 1];
          return List.of(
              t.tensor(DType.FLOAT64, shape),
              t.positive(DType.FLOAT64, shape),
              t.random.nextBoolean() ? t.positive(DType.FLOAT64, last) : Arg.NONE,
              t.random.nextBoolean() ? t.positive(DType.FLOAT64, last) : Arg.NONE,
              of(t.random.nextInt(3)));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"lstm_cell", "gru_cell", "rnn_tanh_cell", "rnn_relu_cell"})
  void recurrentCells(String name) {
    compare(
        name,
        40,
        t -> {
          int gates = name.startsWith("lstm") ? 4 : name.startsWith("gru") ? 3 : 1;
          long batch = 1 + t.random.nextInt(3);
          long in = 1 + t.random.nextInt(4);
          long out = 1 + t.random.nextInt(4);
          Arg input = t.tensor(DType.FLOAT64, batch, in);
          Arg state = t.tensor(DType.FLOAT64, batch, out);
          boolean biases = t.random.nextBoolean();
          return List.of(
              input,
              gates == 4
                  ? new Arg.Sequence(List.of(state, t.tensor(DType.FLOAT64, batch, out)))
                  : state,
              t.contiguous(DType.FLOAT64, gates * out, in),
              t.contiguous(DType.FLOAT64, gates * out, out),
              biases ? t.contiguous(DType.FLOAT64, gates * out) : Arg.NONE,
              biases ? t.contiguous(DType.FLOAT64, gates * out) : Arg.NONE);
        });
  }

  @Test
  void largestOfVolumes() {
    comparePartly(
        "max_pool3d_with_indices",
        80,
        t -> {
          long[] shape = t.shape(4 + t.random.nextInt(2));
          for (int i = 1; i <= 3; i++) {
            shape[shape.length - i] = 2 + t.random.nextInt(5);
          }
          return List.of(
              t.tensor(t.floating(), shape),
              numbers(t, 3, 1, 4),
              t.random.nextBoolean() ? Arg.ints() : numbers(t, 3, 1, 4),
              numbers(t, 3, 0, 2),
              numbers(t, 3, 1, 3),
              flag(t));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"diag_embed", "diagflat", "diag"})
  void diagonals(String name) {
    compare(
        name,
        80,
        t -> {
          int rank = name.equals("diag") ? 1 + t.random.nextInt(2) : 1 + t.random.nextInt(3);
          Arg x = t.tensor(t.random.nextInt(4) == 0 ? DType.BOOL : DType.INT64, t.shape(rank));
          Arg offset = of(t.random.nextInt(5) - 2);
          return name.equals("diag_embed") && t.random.nextBoolean()
              ? List.of(
                  x, offset, of(t.random.nextInt(rank + 1)), of(-1 - t.random.nextInt(rank + 1)))
              : List.of(x, offset);
        });
  }

  @Test
  void trace() {
    compare("trace", 40, t -> List.of(t.tensor(DType.FLOAT64, t.size(), t.size())));
  }

  @Test
  void diagonalsWritten() {
    compare(
        "diagonal_scatter",
        80,
        t -> {
          long[] shape = {
            2 + t.random.nextInt(4), 2 + t.random.nextInt(4), 2 + t.random.nextInt(4)
          };
          int first = t.random.nextInt(3);
          int second = (first + 1 + t.random.nextInt(2)) % 3;
          long offset = t.random.nextInt(3) - 1;
          long length =
              offset >= 0
                  ? Math.min(shape[first], shape[second] - offset)
                  : Math.min(shape[first] + offset, shape[second]);
          return List.of(
              t.tensor(DType.FLOAT32, shape),
              t.tensor(DType.FLOAT32, shape[3 - first - second], length),
              of(offset),
              of(first),
              of(second));
        });
  }

  @Test
  void windowsAsColumns() {
    compare(
        "im2col",
        100,
        t -> {
          long[] image = {1 + t.random.nextInt(2), 1 + t.random.nextInt(3), 5, 6};
          long[] own = t.random.nextBoolean() ? image : new long[] {image[1], 5, 6};
          return List.of(
              t.tensor(t.floating(), own),
              Arg.ints(1 + t.random.nextInt(3), 1 + t.random.nextInt(3)),
              Arg.ints(1 + t.random.nextInt(2), 1 + t.random.nextInt(2)),
              Arg.ints(t.random.nextInt(3), t.random.nextInt(3)),
              Arg.ints(1 + t.random.nextInt(3), 1 + t.random.nextInt(3)));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"xlogy.Tensor", "special_xlog1py", "ldexp.Tensor"})
  void specialFunctionsOfTwo(String name) {
    compare(
        name,
        80,
        t -> {
          long[] shape = t.shape(t.random.nextInt(4));
          DType dtype = t.floating();
          Arg x =
              t.random.nextBoolean()
                  ? t.tensor(DType.INT64, t.broadcastable(shape))
                  : t.tensor(dtype, shape);
          return List.of(x, t.tensor(dtype, shape));
        });
  }

  @Test
  void logarithmsTimesNumbers() {
    for (double number : new double[] {0, 2.5, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      compare(
          "xlogy.Scalar_Other", 12, t -> List.of(t.tensor(DType.FLOAT64, t.shape(2)), of(number)));
      compare(
          "xlogy.Scalar_Self", 12, t -> List.of(of(number), t.tensor(DType.FLOAT64, t.shape(2))));
      compare(
          "special_xlog1py.self_scalar",
          12,
          t -> List.of(of(number), t.tensor(DType.INT64, t.shape(2))));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "logit",
        "sinc",
        "deg2rad",
        "rad2deg",
        "arcsin",
        "arctanh",
        "arccosh",
        "special_erfc",
        "special_ndtr",
        "_safe_softmax",
        "rrelu"
      })
  void specialFunctions(String name) {
    compare(
        name,
        80,
        t -> {
          long[] shape = t.shape(1 + t.random.nextInt(3));
          boolean whole =
              t.random.nextInt(4) == 0 && !name.startsWith("_") && !name.equals("rrelu");
          Arg x = t.tensor(whole ? DType.INT32 : t.floating(), shape);
          return switch (name) {
            case "logit" -> t.random.nextBoolean() ? List.of(x) : List.of(x, of(0.1));
            case "_safe_softmax" -> List.of(x, of(t.random.nextInt(shape.length)));
            default -> List.of(x);
          };
        });
  }

  @Test
  void safeSoftmaxOfNothing() {
    compare(
        "_safe_softmax",
        20,
        t -> {
          var x =
              org.bytedeco.pytorch.global.torch.full(
                  new long[] {2, 3}, new org.bytedeco.pytorch.Scalar(Double.NEGATIVE_INFINITY));
          x.select(0, 0).fill_(new org.bytedeco.pytorch.Scalar(t.random.nextDouble()));
          return List.of(t.add(x), of(1));
        });
  }

  @Test
  void powersInDoublePrecision() {
    compare(
        "float_power.Tensor_Scalar",
        40,
        t ->
            List.of(
                t.tensor(t.random.nextBoolean() ? DType.INT64 : DType.FLOAT32, t.shape(2)), of(2)));
    compare(
        "float_power.Tensor_Tensor",
        40,
        t -> {
          long[] shape = t.shape(2);
          return List.of(t.positive(DType.FLOAT32, shape), t.tensor(DType.INT64, shape));
        });
  }

  @Test
  void close() {
    comparePartly(
        "isclose",
        60,
        t -> {
          long[] shape = t.shape(2);
          Arg a = t.tensor(t.floating(), shape);
          return List.of(
              a,
              t.random.nextBoolean() ? a : t.tensor(t.floating(), shape),
              of(0.5),
              of(0.1),
              flag(t));
        });
  }

  @Test
  void withoutNan() {
    for (String name : List.of("nansum", "nanmean")) {
      compare(
          name,
          60,
          t -> {
            int rank = 1 + t.random.nextInt(3);
            Arg x = t.tensor(t.floating(), t.shape(rank));
            var y = t.values().get("x0").log();
            return List.of(
                t.add(y),
                t.random.nextBoolean() ? Arg.ints(t.random.nextInt(rank)) : Arg.NONE,
                flag(t));
          });
    }
  }

  @Test
  void products() {
    compare(
        "addr",
        60,
        t ->
            List.of(
                t.tensor(DType.FLOAT64, 3, 4),
                t.tensor(DType.FLOAT64, 3),
                t.tensor(DType.FLOAT64, 4),
                of(t.random.nextInt(3)),
                of(2)));
    compare(
        "linalg_multi_dot",
        30,
        t ->
            List.of(
                new Arg.Sequence(
                    List.of(
                        t.tensor(DType.FLOAT64, 3, 4),
                        t.tensor(DType.FLOAT64, 4, 2),
                        t.tensor(DType.FLOAT64, 2, 5)))));
    compare(
        "bilinear",
        40,
        t -> {
          long[] batch = t.shape(1 + t.random.nextInt(2));
          return List.of(
              t.tensor(DType.FLOAT64, append(batch, 3)),
              t.tensor(DType.FLOAT64, append(batch, 4)),
              t.tensor(DType.FLOAT64, 5, 3, 4),
              t.random.nextBoolean() ? t.tensor(DType.FLOAT64, 5) : Arg.NONE);
        });
    compare(
        "kron",
        60,
        t ->
            List.of(
                t.tensor(DType.FLOAT64, t.shape(t.random.nextInt(3))),
                t.tensor(DType.FLOAT64, t.shape(t.random.nextInt(3)))));
    compare(
        "linalg_cross",
        40,
        t ->
            List.of(
                t.tensor(DType.FLOAT64, 4, 3),
                t.tensor(DType.FLOAT64, 1 + 3 * t.random.nextInt(2), 3)));
    compare(
        "cross", 40, t -> List.of(t.tensor(DType.FLOAT64, 4, 3), t.tensor(DType.FLOAT64, 4, 3)));
  }

  private static long[] append(long[] shape, long last) {
    long[] all = Arrays.copyOf(shape, shape.length + 1);
    all[shape.length] = last;
    return all;
  }

  @Test
  void turned() {
    compare(
        "rot90",
        60,
        t -> {
          int first = t.random.nextInt(3);
          return List.of(
              t.tensor(DType.INT64, t.shape(3)),
              of(t.random.nextInt(9) - 4),
              Arg.ints(first, (first + 1) % 3));
        });
    compare("unfold_copy", 30, t -> List.of(t.tensor(DType.INT64, 3, 9), of(1), of(3), of(2)));
  }

  @Test
  void normsWithMoreResults() {
    comparePartly(
        "_weight_norm_interface",
        40,
        t -> List.of(t.contiguous(DType.FLOAT64, 3, 4), t.contiguous(DType.FLOAT64, 3, 1), of(0)));
    comparePartly(
        "_fused_rms_norm",
        40,
        t ->
            List.of(
                t.tensor(DType.FLOAT32, 2, 3, 4),
                Arg.ints(4),
                t.contiguous(DType.FLOAT32, 4),
                of(1e-5)));
    comparePartly(
        "_native_batch_norm_legit.no_stats",
        40,
        t ->
            List.of(
                t.tensor(DType.FLOAT32, 3, 4, 5),
                t.contiguous(DType.FLOAT32, 4),
                t.contiguous(DType.FLOAT32, 4),
                new Arg.Bool(true),
                of(0.1),
                of(1e-3)));
    comparePartly("log_sigmoid_forward", 40, t -> List.of(t.tensor(t.floating(), t.shape(2))));
    comparePartly(
        "_scaled_dot_product_attention_math",
        40,
        t ->
            List.of(
                t.tensor(DType.FLOAT64, 2, 3, 4),
                t.tensor(DType.FLOAT64, 2, 5, 4),
                t.tensor(DType.FLOAT64, 2, 5, 4)));
  }
}
