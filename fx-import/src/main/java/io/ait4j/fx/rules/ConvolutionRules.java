package io.ait4j.fx.rules;

import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;

/** Convolution, plain and transposed, over any number of spatial dimensions. */
final class ConvolutionRules {
  private ConvolutionRules() {}

  static void addTo(RuleTable table) {
    table.add("convolution", ConvolutionRules::convolution);
  }

  private static TensorMeta convolution(OpCall call) {
    TensorMeta input = call.tensor(0);
    TensorMeta weight = call.tensor(1);
    int spatial = weight.rank() - 2;
    boolean batched = input.rank() == weight.rank();
    if (spatial < 1 || !batched && input.rank() != weight.rank() - 1) {
      throw call.error(
          "input of shape %s and weight of shape %s do not fit"
              .formatted(input.shape(), weight.shape()));
    }
    if (input.dtype() != weight.dtype()) {
      throw call.error(
          "input is %s and weight is %s"
              .formatted(input.dtype().torchName(), weight.dtype().torchName()));
    }
    boolean transposed = call.flag(6);
    long groups = call.integer(8);
    Dim channels = input.shape().get(batched ? 1 : 0);
    Dim expected = transposed ? weight.shape().get(0) : weight.shape().get(1).times(groups);
    if (groups < 1 || !channels.equals(expected)) {
      throw call.unequal(
          "input of shape %s has %s channels where weight of shape %s with %d groups takes %s"
              .formatted(input.shape(), channels, weight.shape(), groups, expected),
          channels,
          expected);
    }
    Dim produced = transposed ? weight.shape().get(1).times(groups) : weight.shape().get(0);
    if (call.has(2) && !call.tensor(2).shape().equals(List.of(produced))) {
      throw call.unequal(
          "bias of shape %s for %s channels".formatted(call.tensor(2).shape(), produced),
          call.tensor(2).shape(),
          List.of(produced));
    }
    List<Dim> shape = new ArrayList<>();
    if (batched) {
      shape.add(input.shape().getFirst());
    }
    shape.add(produced);
    for (int i = 0; i < spatial; i++) {
      Dim size = input.shape().get(input.rank() - spatial + i);
      Dim kernel = weight.shape().get(2 + i);
      Dim out = extent(call, i, size, kernel, transposed);
      if (out.max() < (transposed ? 0 : 1)) {
        throw call.error(
            "input of shape %s is smaller than the kernel %s"
                .formatted(input.shape(), weight.shape().subList(2, weight.rank())));
      }
      shape.add(out);
    }
    TensorMeta result = TensorMeta.contiguous(input.dtype(), shape);
    return batched && isChannelsLast(call, input, weight) ? channelsLast(result) : result;
  }

  /** Whether libtorch's CPU kernels write channels last: if input or weight suggests it. */
  private static boolean isChannelsLast(OpCall call, TensorMeta input, TensorMeta weight) {
    if (input.rank() == 3) {
      // libtorch makes the input row-major first, but not the weight.
      TensorMeta rowMajor =
          input.isContiguous() ? input : TensorMeta.contiguous(input.dtype(), input.shape());
      return suggested(asImage(rowMajor), asImage(weight));
    }
    return suggested(input, weight) && !(input.rank() == 5 && isPlain3d(call, input, weight));
  }

  private static boolean suggested(TensorMeta input, TensorMeta weight) {
    return MemoryLayout.suggestsChannelsLast(input) || MemoryLayout.suggestsChannelsLast(weight);
  }

  /** [N, C, L] as [N, C, 1, L], in which form libtorch convolves it. */
  static TensorMeta asImage(TensorMeta tensor) {
    List<Dim> shape = new ArrayList<>(tensor.shape());
    List<Dim> strides = new ArrayList<>(tensor.strides());
    strides.add(2, shape.get(2).times(strides.get(2)));
    shape.add(2, Dim.ONE);
    return new TensorMeta(tensor.dtype(), shape, strides);
  }

  static TensorMeta channelsLast(TensorMeta result) {
    if (result.rank() != 3) {
      return MemoryLayout.channelsLast(result);
    }
    List<Dim> strides = new ArrayList<>(MemoryLayout.channelsLast(asImage(result)).strides());
    strides.remove(2);
    return new TensorMeta(result.dtype(), result.shape(), strides);
  }

  /**
   * Convolutions in three dimensions that run on kernels which only know row-major results: those
   * of doubles, and small dilated or transposed ones.
   */
  private static boolean isPlain3d(OpCall call, TensorMeta input, TensorMeta weight) {
    boolean plain = call.flag(6) || call.integers(5).stream().anyMatch(d -> d > 1);
    List<Dim> in = input.shape();
    boolean small =
        call.integer(8) == 1
            && in.get(0).is(1)
            && !(Dims.less(Dim.of(3), weight.shape().get(3))
                && Dims.less(Dim.of(3), weight.shape().get(4)))
            && !Dims.less(Dim.of(20480), Dim.product(in.subList(0, 4)));
    return input.dtype() == DType.FLOAT64 || plain && small;
  }

  private static Dim extent(OpCall call, int i, Dim size, Dim kernel, boolean transposed) {
    long stride = spatial(call, 3, i);
    long padding = spatial(call, 4, i);
    long dilation = spatial(call, 5, i);
    if (stride < 1 || dilation < 1) {
      throw call.error("stride " + stride + " and dilation " + dilation + " must be positive");
    }
    Dim reach = kernel.minus(1).times(dilation);
    return transposed
        ? size.minus(1).times(stride).minus(2 * padding).plus(reach).plus(spatial(call, 7, i) + 1)
        : size.plus(2 * padding).minus(reach).minus(1).floorDiv(stride).plus(1);
  }

  /** A list of one stands for all dimensions. */
  private static long spatial(OpCall call, int arg, int i) {
    List<Long> values = call.integers(arg);
    return values.get(values.size() == 1 ? 0 : i);
  }
}
