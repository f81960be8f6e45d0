package io.ait4j.fx.rules;

import static io.ait4j.fx.Arg.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.RandomTensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Complex numbers, Fourier transforms, resizing and sampling, matrices, against libtorch. */
class SignalRulesTest {
  private static Arg flag(RandomTensors t) {
    return new Arg.Bool(t.random.nextBoolean());
  }

  @ParameterizedTest
  @ValueSource(strings = {"complex", "polar"})
  void fromParts(String name) {
    RuleChecks.compare(
        name,
        120,
        t -> {
          long[] shape = t.shape(t.random.nextInt(4));
          DType dtype = t.floating();
          return List.of(t.tensor(dtype, t.broadcastable(shape)), t.tensor(dtype, shape));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"real", "imag", "view_as_real", "conj", "_conj"})
  void parts(String name) {
    RuleChecks.compare(
        name, 80, t -> List.of(t.tensor(DType.COMPLEX64, t.shape(t.random.nextInt(4)))));
  }

  @Test
  void pairsAsComplex() {
    RuleChecks.compare(
        "view_as_complex",
        120,
        t -> {
          long[] shape = t.shape(1 + t.random.nextInt(3));
          shape[shape.length - 1] = 2;
          return List.of(
              t.random.nextBoolean()
                  ? t.contiguous(DType.FLOAT32, shape)
                  : t.tensor(DType.FLOAT64, shape));
        });
  }

  @Test
  void readAsAnotherType() {
    RuleChecks.compare(
        "view.dtype",
        80,
        t -> List.of(t.tensor(DType.FLOAT32, t.shape(3)), new Arg.Type(DType.INT32)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"fft_fft", "fft_ifft", "fft_rfft", "fft_irfft"})
  void transformsOfOneDimension(String name) {
    RuleChecks.compare(
        name,
        120,
        t -> {
          int rank = 1 + t.random.nextInt(4);
          boolean complex = !name.equals("fft_rfft") && t.random.nextBoolean();
          return List.of(
              t.tensor(complex ? DType.COMPLEX64 : t.floating(), t.shape(rank)),
              t.random.nextBoolean() ? Arg.NONE : of(1 + t.random.nextInt(6)),
              of(t.random.nextInt(rank)));
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fft_fft2",
        "fft_ifft2",
        "fft_rfft2",
        "fft_irfft2",
        "fft_fftn",
        "fft_rfftn",
        "fft_irfftn"
      })
  void transformsOfSeveralDimensions(String name) {
    RuleChecks.compare(
        name,
        120,
        t -> {
          boolean complex = !name.contains("rfft") && t.random.nextBoolean();
          Arg sizes = t.random.nextBoolean() ? Arg.NONE : Arg.ints(3, 4);
          Arg dims =
              t.random.nextInt(3) > 0 && !name.endsWith("n") ? Arg.ints(-2, -1) : Arg.ints(0, 1);
          return List.of(
              t.tensor(complex ? DType.COMPLEX64 : t.floating(), t.shape(2 + t.random.nextInt(3))),
              sizes,
              name.endsWith("n") && t.random.nextBoolean() ? Arg.NONE : dims);
        });
  }

  @Test
  void transformsAsKernels() {
    RuleChecks.compare(
        "_fft_c2c",
        80,
        t -> List.of(t.tensor(DType.COMPLEX64, t.shape(3)), Arg.ints(1, 2), of(0), flag(t)));
    RuleChecks.compare(
        "_fft_r2c",
        80,
        t -> List.of(t.tensor(t.floating(), t.shape(3)), Arg.ints(0, 2), of(0), flag(t)));
    RuleChecks.compare(
        "_fft_c2r",
        80,
        t -> List.of(t.tensor(DType.COMPLEX64, 2, 3, 4), Arg.ints(2), of(0), of(6)));
  }

  @ParameterizedTest
  @CsvSource({
    "upsample_nearest1d,1,false",
    "_upsample_nearest_exact1d,1,false",
    "upsample_linear1d,1,true",
    "_upsample_nearest_exact2d,2,false",
    "upsample_bicubic2d,2,true",
    "_upsample_bilinear2d_aa,2,true",
    "upsample_nearest3d,3,false",
    "_upsample_nearest_exact3d,3,false",
    "upsample_trilinear3d,3,true"
  })
  void resized(String name, int spatial, boolean aligned) {
    RuleChecks.compare(
        name,
        100,
        t -> {
          long[] shape = t.shape(spatial + 2);
          long[] wanted = new long[spatial];
          Arrays.setAll(wanted, i -> 1 + t.random.nextInt(6));
          List<Arg> args =
              new ArrayList<>(List.of(t.tensor(t.floating(), shape), Arg.ints(wanted)));
          if (aligned) {
            args.add(flag(t));
          }
          return args;
        });
  }

  @ParameterizedTest
  @CsvSource({
    "adaptive_avg_pool3d,3",
    "_adaptive_avg_pool3d,3",
    "adaptive_max_pool1d,1",
    "adaptive_max_pool2d,2",
    "adaptive_max_pool3d,3"
  })
  void adaptive(String name, int spatial) {
    RuleChecks.compare(
        name,
        120,
        t -> {
          long[] shape = t.shape(spatial + 1 + t.random.nextInt(2));
          long[] wanted = new long[spatial];
          Arrays.setAll(wanted, i -> 1 + t.random.nextInt(4));
          return List.of(t.tensor(t.floating(), shape), Arg.ints(wanted));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"max_pool3d", "max_pool3d_with_indices", "avg_pool3d"})
  void pooledVolumes(String name) {
    RuleChecks.compare(
        name,
        150,
        t -> {
          long[] shape = t.shape(4 + t.random.nextInt(2));
          for (int i = 1; i <= 3; i++) {
            shape[shape.length - i] = 3 + t.random.nextInt(4);
          }
          List<Arg> args =
              new ArrayList<>(
                  List.of(
                      t.tensor(t.floating(), shape),
                      Arg.ints(1 + t.random.nextInt(3), 2, 1 + t.random.nextInt(3)),
                      t.random.nextBoolean() ? Arg.ints() : Arg.ints(1 + t.random.nextInt(3)),
                      Arg.ints(0, t.random.nextInt(2), 0)));
          if (name.startsWith("max")) {
            args.add(Arg.ints(1 + t.random.nextInt(2)));
          }
          args.add(flag(t));
          return args;
        });
  }

  @Test
  void sampled() {
    for (int rank = 4; rank <= 5; rank++) {
      int dims = rank;
      RuleChecks.compare(
          "grid_sampler_" + (rank - 2) + "d",
          100,
          t -> {
            long[] shape = t.shape(dims);
            long[] grid = t.shape(dims);
            grid[0] = shape[0];
            grid[dims - 1] = dims - 2;
            return List.of(
                t.tensor(DType.FLOAT32, shape),
                t.tensor(DType.FLOAT32, grid),
                of(0),
                of(0),
                flag(t));
          });
      RuleChecks.compare(
          "affine_grid_generator",
          30,
          t -> {
            long[] shape = t.shape(dims);
            return List.of(
                t.contiguous(DType.FLOAT32, shape[0], dims - 2, dims - 1),
                Arg.ints(shape),
                flag(t));
          });
    }
  }

  @Test
  void imagesOfColumns() {
    RuleChecks.compare(
        "col2im",
        60,
        t -> {
          long channels = 1 + t.random.nextInt(3);
          long batch = 1 + t.random.nextInt(2);
          return List.of(
              t.random.nextBoolean()
                  ? t.tensor(DType.FLOAT32, batch, channels * 4, 12)
                  : t.tensor(DType.FLOAT32, channels * 4, 12),
              Arg.ints(4, 5),
              Arg.ints(2, 2),
              Arg.ints(1, 1),
              Arg.ints(0, 0),
              Arg.ints(1, 1));
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "linalg_det",
        "linalg_slogdet",
        "linalg_inv",
        "linalg_inv_ex",
        "linalg_cholesky",
        "linalg_cholesky_ex",
        "linalg_eigh"
      })
  void matrices(String name) {
    RuleChecks.compare(
        name,
        100,
        t -> {
          long[] shape = t.shape(2 + t.random.nextInt(3));
          int rank = shape.length;
          shape[rank - 1] = shape[rank - 2];
          Arg x = t.tensor(t.floating(), shape);
          if (!name.startsWith("linalg_cholesky")) {
            return List.of(x);
          }
          var a = t.values().get("x0");
          var eye = org.bytedeco.pytorch.global.torch.eye(shape[rank - 1]).to(a.scalar_type());
          return List.of(t.add(a.matmul(a.transpose(-1, -2)).add(eye)));
        });
  }

  @Test
  void pairsOfRows() {
    RuleChecks.compare(
        "pdist", 30, t -> List.of(t.tensor(DType.FLOAT32, 1 + t.random.nextInt(5), 3)));
  }

  @Test
  void byStrides() {
    RuleChecks.compare(
        "as_strided",
        40,
        t -> List.of(t.contiguous(DType.FLOAT32, 40), Arg.ints(3, 2, 2), Arg.ints(4, 1, 2), of(3)));
    RuleChecks.compare(
        "slice_scatter",
        60,
        t ->
            List.of(
                t.tensor(DType.FLOAT32, 3, 6),
                t.tensor(DType.FLOAT32, 3, 2),
                of(1),
                of(1),
                of(5),
                of(2)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "native_batch_norm",
        "_native_batch_norm_legit",
        "_native_batch_norm_legit.no_stats",
        "_native_batch_norm_legit_no_training",
        "_native_batch_norm_legit_functional"
      })
  void batchNorm(String name) {
    RuleChecks.compare(
        name,
        120,
        t -> {
          long[] shape = t.shape(2 + t.random.nextInt(4));
          shape[1] = 1 + t.random.nextInt(4);
          List<Arg> args = new ArrayList<>();
          args.add(t.tensor(DType.FLOAT32, shape));
          args.add(t.contiguous(DType.FLOAT32, shape[1]));
          args.add(t.contiguous(DType.FLOAT32, shape[1]));
          if (!name.endsWith("no_stats")) {
            args.add(t.contiguous(DType.FLOAT32, shape[1]));
            args.add(t.positive(DType.FLOAT32, shape[1]));
          }
          if (!name.endsWith("no_training")) {
            args.add(name.endsWith("no_stats") ? new Arg.Bool(true) : flag(t));
          }
          args.add(new Arg.Float(0.1));
          args.add(new Arg.Float(1e-5));
          return args;
        });
  }
}
