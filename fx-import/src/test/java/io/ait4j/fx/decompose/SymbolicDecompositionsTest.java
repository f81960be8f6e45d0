package io.ait4j.fx.decompose;

import static io.ait4j.fx.decompose.SymbolicChecks.L;
import static io.ait4j.fx.decompose.SymbolicChecks.N;
import static io.ait4j.fx.decompose.SymbolicChecks.dims;
import static io.ait4j.fx.decompose.SymbolicChecks.of;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.TensorMeta;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Composites over symbolic sizes stay right for each size. */
class SymbolicDecompositionsTest {
  private final SymbolicChecks on = new SymbolicChecks();

  private static Arg num(long value) {
    return new Arg.Int(value);
  }

  private static Arg num(double value) {
    return new Arg.Float(value);
  }

  private static Arg flag(boolean value) {
    return new Arg.Bool(value);
  }

  private static Arg list(Arg... elements) {
    return new Arg.Sequence(List.of(elements));
  }

  @Test
  void reshapes() {
    Arg x = on.tensor(N, L, of(12));
    on.check("view", x, dims(N, of(-1), of(6)));
    on.check("reshape", x, Arg.ints(-1, 4));
    on.check("reshape", x, dims(N.times(L), of(12)));
    on.check("flatten.using_ints", x, num(0), num(1));
    on.check("unflatten.int", x, num(-1), Arg.ints(3, -1));
    on.check("squeeze.dim", x, num(0));
    on.check("squeeze", x);
    on.check("unsqueeze", x, num(-1));
    on.check("expand", on.tensor(of(1), L, of(1)), dims(N, of(-1), of(3)));
    on.check("expand_as", on.tensor(L, of(1)), x);
    on.check("repeat", x, Arg.ints(2, 1, 3));
    on.check("tile", x, Arg.ints(2));
    on.check("repeat_interleave.self_int", x, num(3), num(1));
    on.check("view_as", x, on.tensor(L, N, of(12)));
    on.check("ravel", x);
    on.check("atleast_3d", on.tensor(N, L));
    on.check("pixel_shuffle", on.tensor(N, of(8), L, of(3)), num(2));
    on.check("pixel_unshuffle", on.tensor(N, of(2), L.times(2), of(4)), num(2));
    on.check("channel_shuffle", on.tensor(N, of(6), L), num(3));
    on.check("broadcast_tensors", list(x, on.tensor(of(1), of(12))));
    on.check("meshgrid", list(on.tensor(N), on.tensor(L)));
  }

  @Test
  void reshapesOfPermutedTensors() {
    TensorMeta heads =
        new TensorMeta(
            DType.FLOAT32, List.of(N, of(4), L, of(8)), List.of(L.times(32), of(8), of(32), of(1)));
    Arg x = on.tensor(heads);
    on.check("view", x, dims(N, of(2), of(2), L, of(8)));
    on.check("reshape", x, dims(N, of(4), L.times(8)));
    on.check("reshape", x, dims(N.times(4), L, of(8)));
    on.check("flatten.using_ints", x, num(2), num(3));
    on.check("transpose.int", x, num(1), num(2));
    on.check("contiguous", x);
    on.check("clone", x);
    on.check("matmul", x, on.tensor(N, of(4), of(8), L));
  }

  @Test
  void parts() {
    Arg x = on.tensor(N, L, of(12));
    on.check("slice.Tensor", x, num(1), num(0), num(2));
    on.check("slice.Tensor", x, num(1), num(1), Arg.of(L), num(2));
    on.check("slice.Tensor", x, num(1), num(-2));
    on.check("slice.Tensor", x, num(1), num(3), num(Long.MAX_VALUE));
    on.check("select.int", x, num(1), num(-1));
    on.check("narrow", x, num(1), num(1), Arg.of(L.minus(1)));
    on.check("chunk", x, num(2), num(1));
    on.check("chunk", x, num(3), num(-1));
    on.check("split.Tensor", x, num(5), num(-1));
    on.check("split_with_sizes", on.tensor(N, L.plus(3)), dims(L, of(3)), num(1));
    on.check("unbind.int", x, num(2));
    on.check("tensor_split.sections", x, num(3), num(1));
    on.check("tensor_split.indices", x, Arg.ints(1, 2), num(1));
    on.check("diff", x, num(1), num(1));
    on.check("roll", x, Arg.ints(1, -2), Arg.ints(0, 1));
    on.check("roll", x, Arg.ints(3));
    on.check("diagonal", on.tensor(L, L));
    on.check("diagonal", on.tensor(N, L), num(1));
    on.check("fliplr", x);
    on.check("rot90", x, num(1), Arg.ints(0, 1));
    on.check("unfold", on.tensor(N, L.plus(8)), num(1), num(4), num(2));
    on.check("slice_scatter", x, on.tensor(N, of(2), of(12)), num(1), num(0), num(2));
    on.check("select_scatter", x, on.tensor(N, of(12)), num(1), num(-1));
    on.check("im2col", on.tensor(N, of(2), L.plus(3), of(5)), num(3), num(1), num(1), num(2));
  }

  @Test
  void joins() {
    Arg x = on.tensor(N, L);
    Arg y = on.tensor(N, L);
    on.check("cat", list(x, on.tensor(N, of(3))), num(1));
    on.check("stack", list(x, y), num(1));
    on.check("hstack", list(x, y));
    on.check("vstack", list(x, y));
    on.check("column_stack", list(x, on.tensor(N)));
    on.check("pad", on.tensor(N, of(3), L), Arg.ints(1, 1), new Arg.Str("reflect"));
    on.check("pad", on.tensor(N, of(3), L), Arg.ints(2, 1), new Arg.Str("replicate"));
    on.check("pad", on.tensor(N, of(3), L), Arg.ints(2, 1), new Arg.Str("circular"));
    on.check("pad", on.tensor(N, of(3), L), Arg.ints(2, -1), new Arg.Str("constant"));
  }

  @Test
  void products() {
    Arg x = on.tensor(N, L, of(8));
    on.check("matmul", x, on.tensor(of(8), of(5)));
    on.check("matmul", x, on.tensor(N, of(8), L));
    on.check("matmul", x, on.tensor(of(8), L));
    on.check("matmul", on.tensor(of(8)), on.tensor(N, of(8), L));
    on.check("matmul", on.tensor(N, of(1), L, of(4)), on.tensor(of(3), of(4), L));
    on.check("linear", x, on.tensor(of(5), of(8)), on.tensor(of(5)));
    on.check("einsum", new Arg.Str("bld,bmd->blm"), list(x, on.tensor(N, L.plus(1), of(8))));
    on.check("einsum", new Arg.Str("bld,de->ble"), list(x, on.tensor(of(8), L)));
    on.check("outer", on.tensor(N), on.tensor(L));
    on.check("tensordot", x, on.tensor(L, of(8), of(3)), Arg.ints(1, 2), Arg.ints(0, 1));
    on.check("kron", on.tensor(N, of(2)), on.tensor(of(3), L));
    on.check("bilinear", on.tensor(N, of(3)), on.tensor(N, of(4)), on.tensor(of(5), of(3), of(4)));
    on.check("cdist", on.tensor(N, L, of(4)), on.tensor(N, of(3), of(4)), num(1.0));
  }

  @Test
  void layers() {
    Arg x = on.tensor(N, of(6), L, of(5));
    Arg c = on.tensor(of(6));
    on.check("conv2d", x, on.tensor(of(4), of(6), of(3), of(3)), Arg.NONE, num(1), num(1));
    on.check(
        "conv2d.padding",
        x,
        on.tensor(of(4), of(3), of(2), of(2)),
        Arg.NONE,
        num(1),
        new Arg.Str("same"),
        num(1),
        num(2));
    on.check("conv1d", on.tensor(N, of(6), L), on.tensor(of(4), of(6), of(1)));
    on.check("conv_transpose2d.input", x, on.tensor(of(6), of(4), of(2), of(2)), Arg.NONE, num(2));
    on.check(
        "instance_norm", x, c, c, Arg.NONE, Arg.NONE, flag(true), num(0.1), num(1e-5), flag(false));
    on.check("layer_norm", on.tensor(N, L, of(5)), Arg.ints(5));
    on.check(
        "native_layer_norm", on.tensor(N, L, of(5)), Arg.ints(5), Arg.NONE, Arg.NONE, num(1e-5));
    on.check("group_norm", x, num(3), c, c);
    on.check(
        "native_group_norm", x, c, c, Arg.of(N), num(6), Arg.of(L.times(5)), num(2), num(1e-5));
    on.check("rms_norm", on.tensor(N, L, of(5)), Arg.ints(5));
    on.check("adaptive_avg_pool2d", x, Arg.ints(1, 1));
    on.check("adaptive_avg_pool2d", x, Arg.ints(2, 1));
    on.check("max_pool2d_with_indices", x, Arg.ints(2, 2), Arg.ints(1, 2));
    on.check("avg_pool1d", on.tensor(N, of(6), L), Arg.ints(2), Arg.ints(1));
    on.check("max_pool1d", on.tensor(N, of(6), L), Arg.ints(2), Arg.ints(1));
    on.check("max_pool3d", on.tensor(N, of(2), L, of(4), L), Arg.ints(2, 3, 2));
    on.check("avg_pool3d", on.tensor(N, of(2), L, of(4), L), Arg.ints(2, 3, 2));
    Arg q = on.tensor(N, of(4), L, of(8));
    on.check("scaled_dot_product_attention", q, q, q);
    on.check(
        "scaled_dot_product_attention",
        q,
        on.tensor(N, of(2), L, of(8)),
        on.tensor(N, of(2), L, of(8)),
        Arg.NONE,
        num(0.0),
        flag(true),
        Arg.NONE,
        flag(true));
    on.check("glu", x, num(1));
    on.check("softmax.int", x, num(2));
    on.check("log_softmax.int", x, num(1));
    on.check("prelu", x, c);
    on.check(
        "lstm_cell",
        on.tensor(N, of(3)),
        list(on.tensor(N, of(4)), on.tensor(N, of(4))),
        on.tensor(of(16), of(3)),
        on.tensor(of(16), of(4)));
    on.check(
        "gru_cell",
        on.tensor(N, of(3)),
        on.tensor(N, of(4)),
        on.tensor(of(12), of(3)),
        on.tensor(of(12), of(4)));
  }

  @Test
  void resizes() {
    Arg x = on.tensor(N, of(3), L, of(4));
    on.check("upsample_nearest2d.vec", x, Arg.NONE, list(num(2.0), num(2.0)));
    on.check("upsample_nearest2d.vec", x, Arg.NONE, list(num(1.5), num(0.5)));
    on.check("upsample_bilinear2d.vec", x, dims(L.times(2), of(8)), flag(false), Arg.NONE);
    on.check("upsample_nearest1d.vec", on.tensor(N, of(3), L), Arg.NONE, list(num(2.0)));
    assertThatThrownBy(
            () -> on.check("upsample_nearest2d.vec", x, Arg.NONE, list(num(1.3), num(1.3))))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("upsample_nearest2d")
        .hasMessageContaining("l is scaled by 1.3");
  }

  @Test
  void reductions() {
    Arg x = on.tensor(N, L, of(4));
    on.check("sum", x);
    on.check("mean", x);
    on.check("mean.dim", x, Arg.ints(1, 2), flag(true));
    on.check("max.dim", x, num(1));
    on.check("max", x);
    on.check("aminmax", x, num(1));
    on.check("prod", on.tensor(N));
    on.check("any", x);
    on.check("all.dims", x, Arg.ints(0, 1));
    on.check("argmax", x);
    on.check("logsumexp", x, Arg.ints(1));
    on.check("std.correction", x, Arg.ints(1));
    on.check("var_mean.correction", x, Arg.ints(1, 2));
    on.check("linalg_vector_norm", x, num(2.0), Arg.ints(-1), flag(true));
    on.check("cosine_similarity", x, x, num(1));
    on.check("count_nonzero", x, num(1));
    on.check("nanmean", x, Arg.ints(1));
  }

  @Test
  void constructors() {
    Arg x = on.tensor(N, L);
    on.check("zeros", dims(N, L, of(3)));
    on.check("full", dims(N, of(2)), num(1.5));
    on.check("full_like", x, num(2));
    on.check("new_zeros", x, dims(L, L.plus(1)));
    on.check("ones_like", x);
    on.check("arange", Arg.of(L));
    on.check("arange.start", num(2), Arg.of(L.plus(2)));
    on.check("eye", Arg.of(L));
    on.check("tril", x);
    on.check("triu", x, num(1));
    on.check("diag_embed", x, num(1));
    on.check("diag", on.tensor(L));
    on.check("diagonal_scatter", on.tensor(L, L), on.tensor(L));
    on.check("scalar_tensor", Arg.of(N));
  }

  @Test
  void indexing() {
    Arg x = on.tensor(N, L, of(4));
    on.check("index_select", x, num(1), on.tensor(DType.INT64, of(5)));
    on.check("gather", x, num(1), on.tensor(DType.INT64, N, L, of(2)));
    on.check("take_along_dim", x, on.tensor(DType.INT64, N, of(3), of(1)), num(1));
    on.check("embedding", on.tensor(of(10), of(4)), on.tensor(DType.INT64, N, L));
    on.check("index.Tensor", x, list(Arg.NONE, on.tensor(DType.INT64, of(3))));
    on.check("topk", on.tensor(N, L.plus(3)), num(3));
    on.check("sort", x, num(1));
    on.check("one_hot", on.tensor(DType.INT64, N, L), num(7));
    on.check("index_put", x, list(on.tensor(DType.INT64, L)), on.tensor(L, L, of(4)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void recurrentNetworks(boolean batchFirst) {
    Arg x = batchFirst ? on.tensor(N, L, of(3)) : on.tensor(L, N, of(3));
    Arg h = on.tensor(of(2), N, of(5));
    Arg[] weights = new Arg[4];
    for (int way = 0; way < 2; way++) {
      weights[2 * way] = on.tensor(of(20), of(3));
      weights[2 * way + 1] = on.tensor(of(20), of(5));
    }
    on.check(
        "lstm.input",
        x,
        list(h, h),
        list(weights),
        flag(false),
        num(1),
        num(0.0),
        flag(false),
        flag(true),
        flag(batchFirst));
    for (int i = 0; i < 4; i++) {
      weights[i] = on.tensor(of(15), of(i % 2 == 0 ? 3 : 5));
    }
    on.check(
        "gru.input",
        x,
        h,
        list(weights),
        flag(false),
        num(1),
        num(0.0),
        flag(false),
        flag(true),
        flag(batchFirst));
  }

  @Test
  void aNumberOfPartsThatDependsOnASizeIsRefused() {
    Arg x = on.tensor(N, L);
    for (String name : List.of("split.Tensor", "unbind.int")) {
      Arg[] args = name.startsWith("split") ? new Arg[] {x, num(5), num(1)} : new Arg[] {x, num(1)};
      assertThatThrownBy(() -> on.check(name, args))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("aten::" + name)
          .hasMessageContaining("give l a constant size");
    }
    Dim small = Dim.symbol("l", 2, 5);
    assertThatThrownBy(() -> on.check("chunk", on.tensor(small), num(4)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("the number of parts");
  }
}
