package io.ait4j.fx.rules;

import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;

/** Images resized, sampled at points, put together from columns; pooling beyond the core set's. */
final class SamplingRules {
  private SamplingRules() {}

  static void addTo(RuleTable table) {
    table.add("upsample_nearest1d _upsample_nearest_exact1d", call -> resized(call, 1));
    table.add(
        "_upsample_nearest_exact2d upsample_bicubic2d _upsample_bilinear2d_aa"
            + " _upsample_bicubic2d_aa",
        call -> resized(call, 2));
    table.add(
        "upsample_nearest3d _upsample_nearest_exact3d upsample_trilinear3d",
        call -> resized(call, 3));
    table.add("_adaptive_avg_pool3d", call -> PoolingRules.rowMajor(adaptive(call, 3)));
    table.addMany("adaptive_max_pool1d", call -> PoolingRules.withPlaces(flat(call)));
    table.addMany("adaptive_max_pool2d", call -> PoolingRules.withPlaces(adaptive(call, 2)));
    table.addMany(
        "adaptive_max_pool3d",
        call -> PoolingRules.withPlaces(PoolingRules.rowMajor(adaptive(call, 3))));
    table.add("grid_sampler_2d grid_sampler_3d", SamplingRules::sampled);
    table.add("affine_grid_generator", SamplingRules::grid);
    table.add("col2im", SamplingRules::image);
    table.add("torchvision::roi_align", SamplingRules::regions);
  }

  /** Those that are decomposed, but in some forms. */
  static void addOthersTo(RuleTable table) {
    table.add("upsample_linear1d", call -> resized(call, 1));
    table.add("adaptive_avg_pool3d", call -> PoolingRules.rowMajor(adaptive(call, 3)));
  }

  private static TensorMeta resized(OpCall call, int spatial) {
    if (call.tensor(0).rank() != spatial + 2) {
      throw call.error("the input has shape %s".formatted(call.tensor(0).shape()));
    }
    return adaptive(call, spatial);
  }

  /** Over [N, C, L], which libtorch takes for an image of height 1. */
  private static TensorMeta flat(OpCall call) {
    TensorMeta self = call.tensor(0);
    TensorMeta result = adaptive(call, 1);
    return self.rank() == 3 && MemoryLayout.suggestsChannelsLast(ConvolutionRules.asImage(self))
        ? ConvolutionRules.channelsLast(result)
        : result;
  }

  private static TensorMeta adaptive(OpCall call, int spatial) {
    TensorMeta self = call.tensor(0);
    List<Dim> wanted = call.dims(1);
    if (self.rank() != spatial + 1 && self.rank() != spatial + 2) {
      throw call.error("the input has shape %s".formatted(self.shape()));
    }
    List<Dim> shape = new ArrayList<>(self.shape().subList(0, self.rank() - spatial));
    for (int i = 0; i < spatial; i++) {
      shape.add(wanted.get(wanted.size() == 1 ? 0 : i));
    }
    return MemoryLayout.like(self, TensorMeta.contiguous(self.dtype(), shape));
  }

  private static TensorMeta sampled(OpCall call) {
    TensorMeta self = call.tensor(0);
    TensorMeta grid = call.tensor(1);
    if (self.rank() < 4 || grid.rank() != self.rank()) {
      throw call.error("shapes %s and %s do not fit".formatted(self.shape(), grid.shape()));
    }
    List<Dim> shape = new ArrayList<>(self.shape().subList(0, 2));
    shape.addAll(grid.shape().subList(1, grid.rank() - 1));
    return TensorMeta.contiguous(self.dtype(), shape);
  }

  private static TensorMeta grid(OpCall call) {
    List<Dim> shape = new ArrayList<>(call.dims(1));
    shape.remove(1);
    shape.add(Dim.of(shape.size() - 1));
    return TensorMeta.contiguous(call.tensor(0).dtype(), shape);
  }

  /** Each box of [image, x1, y1, x2, y2] as an image of the size that is asked for. */
  private static TensorMeta regions(OpCall call) {
    TensorMeta self = call.tensor(0);
    TensorMeta boxes = call.tensor(1);
    if (self.rank() != 4 || boxes.rank() != 2) {
      throw call.error("shapes %s and %s do not fit".formatted(self.shape(), boxes.shape()));
    }
    if (self.dtype() != boxes.dtype() || !self.dtype().isFloating()) {
      throw call.error(
          "images of %s and boxes of %s do not fit".formatted(self.dtype(), boxes.dtype()));
    }
    Dim width = boxes.shape().getLast();
    if (!width.is(5)) {
      throw call.unequal("boxes of %s numbers, not 5".formatted(width), width, Dim.of(5));
    }
    Dim count = boxes.shape().getFirst();
    return TensorMeta.contiguous(
        self.dtype(), List.of(count, self.shape().get(1), call.dim(3), call.dim(4)));
  }

  private static TensorMeta image(OpCall call) {
    TensorMeta self = call.tensor(0);
    long window = call.integers(2).stream().reduce(1L, (a, b) -> a * b);
    int channels = self.rank() - 2;
    List<Dim> shape = new ArrayList<>(self.shape().subList(0, self.rank() - 1));
    Dim rest = shape.get(channels).mod(window);
    if (!rest.is(0)) {
      throw call.unequal(
          "%s rows for windows of %d elements".formatted(shape.get(channels), window),
          rest,
          Dim.ZERO);
    }
    shape.set(channels, shape.get(channels).floorDiv(window));
    shape.addAll(call.dims(1));
    return TensorMeta.contiguous(self.dtype(), shape);
  }
}
