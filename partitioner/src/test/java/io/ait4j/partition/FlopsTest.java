package io.ait4j.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.TensorMeta;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FlopsTest {
  private final Map<String, FxValue> values = new HashMap<>();

  private Arg tensor(String name, long... shape) {
    values.put(name, new FxValue(name, TensorMeta.contiguous(DType.FLOAT32, shape)));
    return new Arg.Value(name);
  }

  private double flops(String target, long[] out, Arg... args) {
    FxValue result = new FxValue("out", TensorMeta.contiguous(DType.FLOAT32, out));
    return new Flops(values)
        .of(new FxNode("n", OpTarget.parse(target), List.of(args), List.of(result), ""));
  }

  @Test
  void productsCountTwoForEachMultiplyAdd() {
    assertThat(flops("aten::mm", new long[] {4, 6}, tensor("a", 4, 5), tensor("b", 5, 6)))
        .isEqualTo(2 * 4 * 5 * 6);
    assertThat(
            flops(
                "aten::addmm",
                new long[] {4, 6},
                tensor("c", 6),
                tensor("a", 4, 5),
                tensor("b", 5, 6)))
        .isEqualTo(2 * 4 * 5 * 6);
    assertThat(flops("aten::linear", new long[] {3, 7, 6}, tensor("x", 3, 7, 5), tensor("w", 6, 5)))
        .isEqualTo(2 * 3 * 7 * 5 * 6);
  }

  @Test
  void convolutionsCountTheirWindowsForwardsAndTransposed() {
    Arg pair = Arg.ints(1, 1);
    Arg x = tensor("x", 1, 8, 10, 10);
    assertThat(
            flops(
                "aten::convolution",
                new long[] {1, 16, 8, 8},
                x,
                tensor("w", 16, 4, 3, 3),
                Arg.NONE,
                pair,
                pair,
                pair,
                new Arg.Bool(false)))
        .isEqualTo(2.0 * 16 * 8 * 8 * 4 * 9);
    assertThat(
            flops(
                "aten::convolution",
                new long[] {1, 16, 20, 20},
                x,
                tensor("v", 8, 16, 2, 2),
                Arg.NONE,
                pair,
                pair,
                pair,
                new Arg.Bool(true)))
        .isEqualTo(2.0 * 8 * 10 * 10 * 16 * 4);
  }

  @Test
  void attentionCountsBothProducts() {
    Arg q = tensor("q", 1, 2, 5, 8);
    Arg k = tensor("k", 1, 2, 7, 8);
    assertThat(flops("aten::scaled_dot_product_attention", new long[] {1, 2, 5, 8}, q, k, k))
        .isEqualTo(2.0 * 2 * (2 * 5 * 7 * 8));
  }

  @Test
  void recurrentLayersCountEveryStep() {
    Arg weights =
        new Arg.Sequence(
            List.of(tensor("wi", 32, 6), tensor("wh", 32, 8), tensor("bi", 32), tensor("bh", 32)));
    assertThat(
            flops(
                "aten::lstm.input",
                new long[] {3, 10, 8},
                tensor("x", 3, 10, 6),
                Arg.NONE,
                weights))
        .isEqualTo(2.0 * 3 * 10 * 32 * (6 + 8));
  }

  @Test
  void viewsAreFreeAndTheRestCountsElements() {
    assertThat(flops("aten::permute", new long[] {5, 4}, tensor("a", 4, 5))).isZero();
    assertThat(flops("aten::relu", new long[] {4, 5}, tensor("a", 4, 5))).isEqualTo(20);
    assertThat(flops("aten::sum.dim_IntList", new long[] {4}, tensor("a", 4, 5))).isEqualTo(20);
  }
}
