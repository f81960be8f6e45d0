package io.ait4j.fx.decompose;

import static io.ait4j.fx.Arg.of;
import static io.ait4j.fx.decompose.DecompositionChecks.compare;
import static io.ait4j.fx.decompose.DecompositionChecks.comparePartly;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.RandomTensors;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Products, convolutions, norms, attention, pooling, resizing. */
class LayerDecompositionsTest {
  private static final Arg EPS = new Arg.Float(1e-3);

  private static Arg flag(RandomTensors t) {
    return new Arg.Bool(t.random.nextBoolean());
  }

  private static long[] join(long[] batch, long... rest) {
    long[] all = Arrays.copyOf(batch, batch.length + rest.length);
    System.arraycopy(rest, 0, all, batch.length, rest.length);
    return all;
  }

  @ParameterizedTest
  @CsvSource({
    "1,1", "2,1", "1,2", "2,2", "3,1", "1,3", "3,2", "2,3", "3,3", "4,3", "4,4", "2,4", "5,2"
  })
  void matmul(int rankA, int rankB) {
    compare(
        "matmul",
        80,
        t -> {
          DType dtype = t.random.nextInt(4) == 0 ? DType.INT64 : t.floating();
          long k = t.size();
          long[] batch = t.shape(Math.max(0, Math.max(rankA, rankB) - 2));
          long[] a = rankA == 1 ? new long[] {k} : join(tail(t, batch, rankA - 2), t.size(), k);
          long[] b = rankB == 1 ? new long[] {k} : join(tail(t, batch, rankB - 2), k, t.size());
          return List.of(t.tensor(dtype, a), t.tensor(dtype, b));
        });
  }

  private static long[] tail(RandomTensors t, long[] batch, int length) {
    long[] own = Arrays.copyOfRange(batch, batch.length - length, batch.length);
    for (int i = 0; i < length; i++) {
      own[i] = t.random.nextInt(4) == 0 ? 1 : own[i];
    }
    return own;
  }

  @Test
  void vectors() {
    compare("mv", 40, t -> List.of(t.tensor(DType.FLOAT64, 3, 4), t.tensor(DType.FLOAT64, 4)));
    compare("dot", 40, t -> List.of(t.tensor(DType.FLOAT64, 4), t.tensor(DType.FLOAT64, 4)));
    compare(
        "outer",
        40,
        t -> List.of(t.tensor(DType.FLOAT64, t.size()), t.tensor(DType.FLOAT64, t.size())));
    compare(
        "addmv",
        40,
        t ->
            List.of(
                t.tensor(DType.FLOAT64, 3),
                t.tensor(DType.FLOAT64, 3, 4),
                t.tensor(DType.FLOAT64, 4),
                of(2),
                new Arg.Float(0.5)));
    compare(
        "inner",
        40,
        t ->
            List.of(
                t.tensor(DType.FLOAT64, join(t.shape(t.random.nextInt(3)), 4)),
                t.tensor(DType.FLOAT64, join(t.shape(t.random.nextInt(3)), 4))));
    compare(
        "tensordot",
        40,
        t ->
            List.of(
                t.tensor(DType.FLOAT64, 3, 4, 5),
                t.tensor(DType.FLOAT64, 4, 3, 2),
                Arg.ints(1, 0),
                Arg.ints(0, 1)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ij,jk->ik",
        "bij,bjk->bik",
        "bhid,bhjd->bhij",
        "bhij,bhjd->bhid",
        "i,j->ij",
        "ij->ji",
        "ij->i",
        "ij->",
        "ij,ij->ij",
        "ij,ij->",
        "bij,jk",
        "...ij,...jk->...ik",
        "...i->...",
        "bnij,bmj->bnim",
        "ij,jk,kl->il",
        "ii->i",
        "ii",
        "ib,jb,b->ij",
        "b...c,cd->b...d",
        "ij , jk"
      })
  void einsum(String equation) {
    compare(
        "einsum",
        40,
        t -> {
          String[] inputs = equation.replace(" ", "").split("->")[0].split(",");
          long[] sizes = new long[128];
          for (int i = 0; i < sizes.length; i++) {
            sizes[i] = t.size();
          }
          long[] hidden = t.shape(t.random.nextInt(3));
          List<Arg> tensors = new java.util.ArrayList<>();
          for (String input : inputs) {
            long[] shape = {};
            for (int i = 0; i < input.length(); i++) {
              if (input.charAt(i) == '.') {
                shape = join(shape, hidden);
                i += 2;
              } else {
                shape = join(shape, sizes[input.charAt(i)]);
              }
            }
            tensors.add(t.tensor(DType.FLOAT64, shape));
          }
          return List.of(new Arg.Str(equation), new Arg.Sequence(tensors));
        });
  }

  private static Arg image(RandomTensors t, DType dtype, boolean batched, long... shape) {
    return t.tensor(dtype, batched ? join(new long[] {2}, shape) : shape);
  }

  @Test
  void convolutions() {
    DType dtype = DType.FLOAT64;
    compare(
        "conv1d",
        40,
        t ->
            List.of(
                image(t, dtype, t.random.nextBoolean(), 4, 9),
                t.tensor(dtype, 6, 2, 3),
                t.contiguous(dtype, 6),
                Arg.ints(2),
                Arg.ints(1),
                Arg.ints(1),
                of(2)));
    compare(
        "conv2d",
        40,
        t ->
            List.of(
                image(t, dtype, t.random.nextBoolean(), 4, 9, 7),
                t.tensor(dtype, 6, 4, 3, 2),
                Arg.NONE,
                Arg.ints(2, 1),
                Arg.ints(1, 0)));
    compare(
        "conv3d",
        10,
        t -> List.of(image(t, dtype, true, 2, 5, 4, 3), t.tensor(dtype, 3, 2, 3, 2, 1)));
    compare(
        "_convolution",
        20,
        t ->
            List.of(
                image(t, dtype, true, 4, 9, 7),
                t.tensor(dtype, 6, 4, 3, 2),
                Arg.NONE,
                Arg.ints(2, 1),
                Arg.ints(1, 0),
                Arg.ints(1, 1),
                new Arg.Bool(false),
                Arg.ints(0, 0),
                of(1),
                flag(t),
                flag(t),
                flag(t),
                flag(t)));
    for (String padding : List.of("same", "valid")) {
      compare(
          "conv2d.padding",
          40,
          t ->
              List.of(
                  image(t, dtype, t.random.nextBoolean(), 4, 9, 7),
                  t.tensor(dtype, 6, 4, 1 + t.random.nextInt(4), 1 + t.random.nextInt(4)),
                  Arg.NONE,
                  Arg.ints(1, 1),
                  new Arg.Str(padding),
                  Arg.ints(1, 1 + t.random.nextInt(2))));
    }
    compare(
        "conv_transpose1d",
        20,
        t -> List.of(image(t, dtype, true, 4, 9), t.tensor(dtype, 4, 3, 3), Arg.NONE, Arg.ints(2)));
    compare(
        "conv_transpose2d.input",
        20,
        t ->
            List.of(
                image(t, dtype, t.random.nextBoolean(), 4, 5, 6),
                t.tensor(dtype, 4, 3, 3, 2),
                t.contiguous(dtype, 6),
                Arg.ints(2, 3),
                Arg.ints(1, 0),
                Arg.ints(1, 2),
                of(2),
                Arg.ints(1, 2)));
  }

  private static Arg maybe(RandomTensors t, DType dtype, long... shape) {
    return t.random.nextBoolean() ? Arg.NONE : t.contiguous(dtype, shape);
  }

  @Test
  void batchNorms() {
    for (boolean training : new boolean[] {false, true}) {
      compare(
          "batch_norm",
          60,
          t -> {
            DType dtype = training ? DType.FLOAT64 : t.floating();
            long[] shape = t.shape(2 + t.random.nextInt(3));
            return List.of(
                t.tensor(dtype, shape),
                maybe(t, dtype, shape[1]),
                maybe(t, dtype, shape[1]),
                training ? Arg.NONE : t.contiguous(dtype, shape[1]),
                training ? Arg.NONE : t.positive(dtype, shape[1]),
                new Arg.Bool(training),
                new Arg.Float(0.1),
                EPS,
                flag(t));
          });
    }
    comparePartly(
        "_native_batch_norm_legit_no_training",
        30,
        t ->
            List.of(
                t.tensor(DType.FLOAT32, 2, 3, 4),
                maybe(t, DType.FLOAT32, 3),
                maybe(t, DType.FLOAT32, 3),
                t.contiguous(DType.FLOAT32, 3),
                t.positive(DType.FLOAT32, 3),
                new Arg.Float(0.1),
                EPS));
  }

  @Test
  void otherNorms() {
    for (boolean ownStatistics : new boolean[] {true, false}) {
      compare(
          "instance_norm",
          40,
          t ->
              List.of(
                  t.tensor(DType.FLOAT64, 2, 3, 4, 5),
                  maybe(t, DType.FLOAT64, 3),
                  maybe(t, DType.FLOAT64, 3),
                  ownStatistics ? Arg.NONE : t.contiguous(DType.FLOAT64, 3),
                  ownStatistics ? Arg.NONE : t.positive(DType.FLOAT64, 3),
                  new Arg.Bool(ownStatistics),
                  new Arg.Float(0.1),
                  EPS,
                  flag(t)));
    }
    comparePartly(
        "native_layer_norm",
        30,
        t ->
            List.of(
                t.tensor(DType.FLOAT32, 2, 3, 4),
                Arg.ints(3, 4),
                maybe(t, DType.FLOAT32, 3, 4),
                maybe(t, DType.FLOAT32, 3, 4),
                EPS));
    comparePartly(
        "native_group_norm",
        30,
        t ->
            List.of(
                t.contiguous(DType.FLOAT32, 2, 6, 4),
                maybe(t, DType.FLOAT32, 6),
                maybe(t, DType.FLOAT32, 6),
                of(2),
                of(6),
                of(4),
                of(3),
                EPS));
    compare(
        "rms_norm",
        60,
        t -> {
          DType dtype = t.random.nextInt(4) == 0 ? DType.BFLOAT16 : t.floating();
          return List.of(
              t.tensor(dtype, 2, 3, 4),
              Arg.ints(3, 4),
              maybe(t, dtype, 3, 4),
              t.random.nextBoolean() ? Arg.NONE : EPS);
        });
    compare(
        "_weight_norm",
        30,
        t -> {
          boolean first = t.random.nextBoolean();
          return List.of(
              t.tensor(DType.FLOAT64, 4, 3, 2),
              first ? t.tensor(DType.FLOAT64, 4, 1, 1) : t.tensor(DType.FLOAT64, 1, 1, 2),
              of(first ? 0 : 2));
        });
  }

  @Test
  void attention() {
    compare(
        "scaled_dot_product_attention",
        30,
        t ->
            List.of(
                t.tensor(DType.FLOAT64, 2, 4, 5, 3),
                t.tensor(DType.FLOAT64, 2, 2, 6, 3),
                t.tensor(DType.FLOAT64, 2, 2, 6, 3),
                Arg.NONE,
                new Arg.Float(0),
                flag(t),
                Arg.NONE,
                new Arg.Bool(true)));
    comparePartly(
        "_scaled_dot_product_flash_attention_for_cpu",
        30,
        t ->
            List.of(
                t.contiguous(DType.FLOAT32, 2, 4, 5, 3),
                t.contiguous(DType.FLOAT32, 2, 4, 6, 3),
                t.contiguous(DType.FLOAT32, 2, 4, 6, 3),
                new Arg.Float(0),
                flag(t)));
    compare(
        "_native_multi_head_attention",
        30,
        t -> {
          Arg x = t.contiguous(DType.FLOAT64, 2, 5, 8);
          return List.of(
              x,
              x,
              x,
              of(8),
              of(2),
              t.contiguous(DType.FLOAT64, 24, 8),
              t.contiguous(DType.FLOAT64, 24),
              t.contiguous(DType.FLOAT64, 8, 8),
              t.contiguous(DType.FLOAT64, 8),
              Arg.NONE,
              new Arg.Bool(false));
        });
  }

  @Test
  void pooling() {
    for (String name : List.of("adaptive_avg_pool2d", "_adaptive_avg_pool2d")) {
      compare(
          name,
          60,
          t ->
              List.of(
                  image(t, t.floating(), t.random.nextBoolean(), 3, 6, 4),
                  Arg.ints(1 + t.random.nextInt(6), 1 + t.random.nextInt(4))));
    }
    comparePartly(
        "adaptive_avg_pool3d",
        20,
        t ->
            List.of(
                image(t, DType.FLOAT64, true, 3, 4, 6, 4),
                t.random.nextBoolean() ? Arg.ints(1, 1, 1) : Arg.ints(2, 3, 1)));
    compare(
        "adaptive_avg_pool1d",
        30,
        t ->
            List.of(
                image(t, DType.FLOAT64, t.random.nextBoolean(), 3, 6),
                Arg.ints(1 + t.random.nextInt(6))));
    compare(
        "avg_pool1d",
        40,
        t ->
            List.of(
                image(t, DType.FLOAT64, t.random.nextBoolean(), 3, 9),
                Arg.ints(3),
                t.random.nextBoolean() ? Arg.ints() : Arg.ints(2),
                Arg.ints(t.random.nextInt(2)),
                flag(t),
                flag(t)));
    compare(
        "max_pool1d",
        40,
        t ->
            List.of(
                image(t, DType.FLOAT64, t.random.nextBoolean(), 3, 9),
                Arg.ints(3),
                t.random.nextBoolean() ? Arg.ints() : Arg.ints(2),
                Arg.ints(t.random.nextInt(2)),
                Arg.ints(1 + t.random.nextInt(2)),
                flag(t)));
    comparePartly(
        "max_pool2d_with_indices",
        30,
        t -> List.of(image(t, DType.FLOAT64, true, 3, 9, 7), Arg.ints(3, 2), Arg.ints(2, 2)));
    comparePartly(
        "adaptive_max_pool2d",
        30,
        t -> List.of(image(t, DType.FLOAT64, true, 3, 6, 4), Arg.ints(t.random.nextInt(1, 4), 2)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"upsample_nearest2d.vec", "upsample_bilinear2d.vec", "upsample_bicubic2d.vec"})
  void resizing2d(String name) {
    comparePartly(
        name,
        60,
        t -> {
          Arg x = image(t, t.floating(), true, 3, 4, 5);
          boolean factors = t.random.nextBoolean();
          Arg size = factors ? Arg.NONE : Arg.ints(1 + t.random.nextInt(9), 7);
          Arg scales =
              factors ? new Arg.Sequence(List.of(new Arg.Float(1.7), new Arg.Float(2))) : Arg.NONE;
          return name.contains("nearest")
              ? List.of(x, size, scales)
              : List.of(x, size, flag(t), scales);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"upsample_nearest1d.vec", "upsample_linear1d.vec"})
  void resizing1d(String name) {
    compare(
        name,
        60,
        t -> {
          Arg x = image(t, t.floating(), true, 3, 5);
          boolean factors = t.random.nextBoolean();
          Arg size = factors ? Arg.NONE : Arg.ints(1 + t.random.nextInt(9));
          Arg scales = factors ? new Arg.Sequence(List.of(new Arg.Float(1.7))) : Arg.NONE;
          return name.contains("nearest")
              ? List.of(x, size, scales)
              : List.of(x, size, flag(t), scales);
        });
  }
}
