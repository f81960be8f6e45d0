package io.ait4j.fx.decompose;

import static io.ait4j.fx.Arg.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Every convolution as {@code convolution}: batched, a number for each spatial dimension. */
final class ConvolutionDecompositions {
  private ConvolutionDecompositions() {}

  static void addTo(DecompositionTable table) {
    table.add(
        "convolution _convolution convolution_overrideable",
        r ->
            convolution(r, r.arg(0), 3, r.integers(4), r.integers(5), r.flag(6), r.integers(7), 8));
    table.add(
        "conv1d conv2d conv3d",
        r -> convolution(r, r.arg(0), 3, r.integers(4), r.integers(5), false, List.of(0L), 6));
    table.add("conv1d.padding conv2d.padding conv3d.padding", ConvolutionDecompositions::named);
    table.add(
        "conv_transpose1d conv_transpose2d.input conv_transpose3d.input",
        r -> convolution(r, r.arg(0), 3, r.integers(4), r.integers(7), true, r.integers(5), 6));
  }

  private static Arg convolution(
      Rewrite r,
      Arg input,
      int stride,
      List<Long> padding,
      List<Long> dilation,
      boolean transposed,
      List<Long> outputPadding,
      int groups) {
    int rank = r.meta(1).rank();
    int spatial = rank - 2;
    boolean batched = r.meta(input).rank() == rank;
    Arg result =
        r.node(
            "convolution",
            batched ? input : r.unsqueeze(input, 0),
            r.arg(1),
            r.arg(2),
            perDimension(r.integers(stride), spatial),
            perDimension(padding, spatial),
            perDimension(dilation, spatial),
            of(transposed),
            perDimension(outputPadding, spatial),
            r.arg(groups));
    return batched ? result : r.call("squeeze.dim", result, of(0));
  }

  private static Arg perDimension(List<Long> values, int spatial) {
    return new Arg.Sequence(each(values, spatial).stream().map(v -> of(v)).toList());
  }

  private static List<Long> each(List<Long> values, int spatial) {
    return values.size() == 1 ? Collections.nCopies(spatial, values.getFirst()) : values;
  }

  /** {@code same} pads to the input's size, the odd element at the end; {@code valid} does not. */
  private static Arg named(Rewrite r) {
    TensorMeta weight = r.meta(1);
    int spatial = weight.rank() - 2;
    List<Long> dilation = each(r.integers(5), spatial);
    List<Long> padding = new ArrayList<>(Collections.nCopies(spatial, 0L));
    List<Arg> extra = new ArrayList<>(Collections.nCopies(2 * spatial, of(0)));
    boolean uneven = false;
    if (r.text(4).equals("same")) {
      for (int i = 0; i < spatial; i++) {
        Dim total = weight.shape().get(2 + i).minus(1).times(dilation.get(i));
        padding.set(i, r.constant(total.floorDiv(2), "the padding"));
        if (total.mod(2).is(1)) {
          extra.set(2 * (spatial - 1 - i) + 1, of(1));
          uneven = true;
        }
      }
    }
    Arg input =
        uneven ? r.call("constant_pad_nd", r.arg(0), new Arg.Sequence(extra), of(0)) : r.arg(0);
    return convolution(r, input, 3, padding, dilation, false, List.of(0L), 6);
  }
}
