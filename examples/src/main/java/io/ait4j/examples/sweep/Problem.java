package io.ait4j.examples.sweep;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.TensorMeta;
import java.util.List;
import java.util.stream.LongStream;

/** What a kernel is to compute, in half precision. */
sealed interface Problem {
  String name();

  long flops();

  TensorMeta input();

  TensorMeta weight();

  TensorMeta output();

  /** Adds it to a graph. */
  Arg call(FxGraphBuilder graph, Arg input, Arg weight);

  /** As {@code torch_kernels.py} reads it. */
  List<Object> words();

  /** What it reads and writes at least. */
  default long bytes() {
    return LongStream.of(
                input().numel().value(), weight().numel().value(), output().numel().value())
            .sum()
        * 2;
  }

  /** {@code x[m, k] * w[n, k]^T}, as a linear layer computes it. */
  record Product(String name, long m, long n, long k) implements Problem {
    @Override
    public long flops() {
      return 2 * m * n * k;
    }

    @Override
    public TensorMeta input() {
      return TensorMeta.contiguous(DType.FLOAT16, m, k);
    }

    @Override
    public TensorMeta weight() {
      return TensorMeta.contiguous(DType.FLOAT16, n, k);
    }

    @Override
    public TensorMeta output() {
      return TensorMeta.contiguous(DType.FLOAT16, m, n);
    }

    @Override
    public Arg call(FxGraphBuilder graph, Arg input, Arg weight) {
      return graph.call("aten::linear", input, weight, Arg.NONE);
    }

    @Override
    public List<Object> words() {
      return List.of("linear", m, n, k);
    }
  }

  /**
   * A square kernel over square images that lie channels-last, padded so that stride 1 keeps them.
   */
  record Convolution(
      String name, long batch, long channels, long size, long outputs, long kernel, long stride)
      implements Problem {
    private long pad() {
      return kernel / 2;
    }

    private long out() {
      return (size + 2 * pad() - kernel) / stride + 1;
    }

    @Override
    public long flops() {
      return 2 * batch * out() * out() * outputs * channels * kernel * kernel;
    }

    @Override
    public TensorMeta input() {
      return channelsLast(batch, channels, size);
    }

    @Override
    public TensorMeta weight() {
      return TensorMeta.contiguous(DType.FLOAT16, outputs, channels, kernel, kernel);
    }

    @Override
    public TensorMeta output() {
      return channelsLast(batch, outputs, out());
    }

    private static TensorMeta channelsLast(long n, long c, long size) {
      return new TensorMeta(
          DType.FLOAT16, Dim.ofAll(n, c, size, size), Dim.ofAll(c * size * size, 1, c * size, c));
    }

    @Override
    public Arg call(FxGraphBuilder graph, Arg input, Arg weight) {
      return graph.call(
          "aten::convolution",
          input,
          weight,
          Arg.NONE,
          Arg.ints(stride, stride),
          Arg.ints(pad(), pad()),
          Arg.ints(1, 1),
          new Arg.Bool(false),
          Arg.ints(0, 0),
          new Arg.Int(1));
    }

    @Override
    public List<Object> words() {
      return List.of("conv", batch, channels, size, outputs, kernel, stride);
    }
  }
}
