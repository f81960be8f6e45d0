package io.ait4j.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.TensorMeta;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The building blocks of networks, compiled and compared with libtorch. */
class NetworkPartsTest {
  @TempDir Path cache;
  private Oracle oracle;

  @BeforeEach
  void open() {
    oracle = new Oracle(cache, System.nanoTime());
  }

  @AfterEach
  void close() {
    oracle.close();
  }

  private static TensorMeta floats(long... shape) {
    return TensorMeta.contiguous(DType.FLOAT32, shape);
  }

  @Test
  void residualBlockFusesIntoItsConvolutions() {
    FxGraph graph =
        Oracle.graph(
            List.of(floats(2, 8, 9, 7)),
            (b, in) -> {
              Arg y =
                  b.call(
                      "aten::convolution",
                      in.get(0),
                      oracle.weight(b, 8, 8, 3, 3),
                      Arg.NONE,
                      Arg.ints(1, 1),
                      Arg.ints(1, 1),
                      Arg.ints(1, 1),
                      new Arg.Bool(false),
                      Arg.ints(0, 0),
                      new Arg.Int(1));
              y =
                  b.call(
                      "aten::batch_norm",
                      y,
                      oracle.weight(b, 8),
                      oracle.weight(b, 8),
                      oracle.weight(b, 8),
                      oracle.positive(b, 8),
                      new Arg.Bool(false),
                      new Arg.Float(0.1),
                      new Arg.Float(1e-5),
                      new Arg.Bool(true));
              y = b.call("aten::relu", y);
              y =
                  b.call(
                      "aten::convolution",
                      y,
                      oracle.weight(b, 8, 8, 1, 1),
                      oracle.weight(b, 8),
                      Arg.ints(1, 1),
                      Arg.ints(0, 0),
                      Arg.ints(1, 1),
                      new Arg.Bool(false),
                      Arg.ints(0, 0),
                      new Arg.Int(1));
              y = b.call("aten::add.Tensor", y, in.get(0));
              return List.of(b.call("aten::relu", y));
            });
    assertThat(oracle.check(graph, 1e-5).report().kernels()).hasSize(2);
  }

  @Test
  void poolingAndClassifier() {
    FxGraph graph =
        Oracle.graph(
            List.of(floats(2, 6, 11, 13)),
            (b, in) -> {
              Arg y =
                  b.call(
                      "aten::max_pool2d",
                      in.get(0),
                      Arg.ints(3, 3),
                      Arg.ints(2, 2),
                      Arg.ints(1, 1));
              y = b.call("aten::mean.dim", y, Arg.ints(2, 3), new Arg.Bool(false));
              return List.of(
                  b.call("aten::linear", y, oracle.weight(b, 5, 6), oracle.weight(b, 5)));
            });
    oracle.check(graph, 1e-5);
  }

  @Test
  void layerNormIsOneKernel() {
    FxGraph graph =
        Oracle.graph(
            List.of(floats(3, 5, 48)),
            (b, in) ->
                List.of(
                    b.call(
                        "aten::layer_norm",
                        in.get(0),
                        Arg.ints(48),
                        oracle.weight(b, 48),
                        oracle.weight(b, 48),
                        new Arg.Float(1e-5))));
    assertThat(oracle.check(graph, 1e-5).report().kernels()).hasSize(1);
  }

  @Test
  void groupNormIsOneKernel() {
    FxGraph graph =
        Oracle.graph(
            List.of(floats(2, 12, 5, 7)),
            (b, in) ->
                List.of(
                    b.call(
                        "aten::silu",
                        b.call(
                            "aten::group_norm",
                            in.get(0),
                            new Arg.Int(4),
                            oracle.weight(b, 12),
                            oracle.weight(b, 12),
                            new Arg.Float(1e-5)))));
    assertThat(oracle.check(graph, 1e-5).report().kernels()).hasSize(1);
  }

  @Test
  void softmaxIsOneKernel() {
    FxGraph graph =
        Oracle.graph(
            List.of(floats(3, 5, 37)),
            (b, in) ->
                List.of(b.call("aten::_softmax", in.get(0), new Arg.Int(-1), new Arg.Bool(false))));
    assertThat(oracle.check(graph, 1e-5).report().kernels()).hasSize(1);
  }

  @Test
  void attentionReadsAndWritesThroughViews() {
    FxGraph graph =
        Oracle.graph(
            List.of(floats(2, 17, 96)),
            (b, in) -> {
              Arg qkv =
                  b.call(
                      "aten::linear", in.get(0), oracle.weight(b, 288, 96), oracle.weight(b, 288));
              qkv =
                  b.call(
                      "aten::permute",
                      b.call("aten::view", qkv, Arg.ints(2, 17, 3, 3, 32)),
                      Arg.ints(2, 0, 3, 1, 4));
              Arg[] parts = new Arg[3];
              for (int i = 0; i < 3; i++) {
                parts[i] = b.call("aten::select.int", qkv, new Arg.Int(0), new Arg.Int(i));
              }
              Arg y = b.call("aten::scaled_dot_product_attention", parts);
              y =
                  b.call(
                      "aten::reshape",
                      b.call("aten::permute", y, Arg.ints(0, 2, 1, 3)),
                      Arg.ints(2, 17, 96));
              return List.of(
                  b.call("aten::linear", y, oracle.weight(b, 96, 96), oracle.weight(b, 96)));
            });
    assertThat(oracle.check(graph, 1e-5).report().kernels()).hasSize(3);
  }

  private Arg linear(FxGraphBuilder b, Arg x, long to, long from, boolean bias) {
    return b.call(
        "aten::linear", x, oracle.weight(b, to, from), bias ? oracle.weight(b, to) : Arg.NONE);
  }

  private Arg head(FxGraphBuilder b, Arg x, boolean bias) {
    Arg heads = b.call("aten::view", linear(b, x, 96, 96, bias), Arg.ints(2, 17, 3, 32));
    return b.call("aten::permute", heads, Arg.ints(0, 2, 1, 3));
  }

  @Test
  void productsOfOneMatrixAreOneThatTheirReadersShare() {
    FxGraph graph =
        Oracle.graph(
            List.of(floats(2, 17, 96), floats(5, 96)),
            (b, in) -> {
              Arg x = in.get(0);
              Arg y =
                  b.call(
                      "aten::scaled_dot_product_attention",
                      head(b, x, true),
                      head(b, x, false),
                      head(b, x, true));
              Arg one = linear(b, in.get(1), 7, 96, false);
              Arg other = linear(b, in.get(1), 33, 96, true);
              return List.of(
                  y,
                  b.call("aten::_softmax", one, new Arg.Int(-1), new Arg.Bool(false)),
                  b.call("aten::_softmax", other, new Arg.Int(-1), new Arg.Bool(false)));
            });
    CompileReport report = oracle.check(graph, 1e-5).report();
    assertThat(report.kernels().stream().filter(k -> k.kind().contains("gemm"))).hasSize(2);
  }

  @Test
  void concatenationIsWrittenInPlace() {
    FxGraph graph =
        Oracle.graph(
            List.of(floats(2, 4, 6, 6), floats(2, 3, 3, 3)),
            (b, in) -> {
              Arg up =
                  b.call("aten::upsample_nearest2d", in.get(1), Arg.ints(6, 6), Arg.NONE, Arg.NONE);
              Arg y =
                  b.call(
                      "aten::cat",
                      new Arg.Sequence(List.of(b.call("aten::silu", in.get(0)), up)),
                      new Arg.Int(1));
              return List.of(
                  b.call(
                      "aten::convolution",
                      y,
                      oracle.weight(b, 5, 7, 3, 3),
                      oracle.weight(b, 5),
                      Arg.ints(1, 1),
                      Arg.ints(1, 1),
                      Arg.ints(1, 1),
                      new Arg.Bool(false),
                      Arg.ints(0, 0),
                      new Arg.Int(1)));
            });
    assertThat(oracle.check(graph, 1e-5).report().kernels()).hasSize(3);
  }

  @Test
  void aDenseBlockStoresEachOfItsPartsOnce() {
    FxGraph graph =
        Oracle.graph(
            List.of(floats(2, 8, 6, 7)),
            (b, in) -> {
              List<Arg> list = new ArrayList<>(in);
              for (int i = 0; i < 3; i++) {
                Arg all = b.call("aten::cat", new Arg.Sequence(list), new Arg.Int(1));
                list.add(
                    b.call(
                        "aten::convolution",
                        b.call("aten::relu", all),
                        oracle.weight(b, 4, 8 + 4 * i, 3, 3),
                        oracle.weight(b, 4),
                        Arg.ints(1, 1),
                        Arg.ints(1, 1),
                        Arg.ints(1, 1),
                        new Arg.Bool(false),
                        Arg.ints(0, 0),
                        new Arg.Int(1)));
              }
              Arg all = b.call("aten::cat", new Arg.Sequence(list), new Arg.Int(1));
              return List.of(b.call("aten::silu", all));
            });
    // The input, which is nobody's to place, is copied; each layer is a relu and a convolution.
    assertThat(oracle.check(graph, 1e-5).report().kernels()).hasSize(1 + 3 * 2 + 1);
  }

  @Test
  void embeddingLooksUpRows() {
    FxGraph graph =
        Oracle.graph(
            List.of(TensorMeta.contiguous(DType.INT64, 2, 9)),
            (b, in) ->
                List.of(
                    b.call(
                        "aten::add.Tensor",
                        b.call("aten::embedding", oracle.weight(b, 8, 24), in.get(0)),
                        oracle.weight(b, 9, 24))));
    oracle.check(graph, 1e-6);
  }

  @Test
  void transposedConvolutionIsConvolutionsByPhase() {
    FxGraph graph =
        Oracle.graph(
            List.of(floats(2, 6, 5, 4)),
            (b, in) -> {
              List<Arg> outputs = new ArrayList<>();
              for (long[] g :
                  new long[][] {
                    {2, 2, 0, 0, 1}, {3, 2, 1, 1, 1}, {4, 2, 1, 0, 2}, {2, 3, 0, 0, 1}
                  }) {
                outputs.add(
                    b.call(
                        "aten::convolution",
                        in.get(0),
                        oracle.weight(b, 6, 4, g[0], g[0]),
                        oracle.weight(b, 4 * g[4]),
                        Arg.ints(g[1], g[1]),
                        Arg.ints(g[2], g[2]),
                        Arg.ints(1, 1),
                        new Arg.Bool(true),
                        Arg.ints(g[3], g[3]),
                        new Arg.Int(g[4])));
              }
              return outputs;
            });
    oracle.check(graph, 1e-5);
  }

  @Test
  void attentionReadsAnImageReshapedAcrossItsChannels() {
    OperatorTable t = new OperatorTable(oracle);
    long[] one = {1, 1};
    long[] zero = {0, 0};
    Arg x = t.input(DType.FLOAT32, 2, 6, 4, 8);
    Arg image =
        t.call("convolution", x, t.weight(8, 6, 1, 1), null, one, zero, one, false, zero, 1);
    Arg q = t.call("reshape", image, new long[] {2, 2, 16, 8});
    t.expect("attention", 1e-5, t.call("scaled_dot_product_attention", q, q, q));
    t.check();
  }
}
