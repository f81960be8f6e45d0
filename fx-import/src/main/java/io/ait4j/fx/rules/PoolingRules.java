package io.ait4j.fx.rules;

import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;

/** Windows over the last two or three dimensions, and resizing of the last two. */
final class PoolingRules {
  private PoolingRules() {}

  static void addTo(RuleTable table) {
    table.add("max_pool2d", call -> pooled(call, 2, 4, 5));
    table.add("max_pool3d", PoolingRules::largestOfVolumes);
    table.add("avg_pool2d", call -> pooled(call, 2, -1, 4));
    table.add("avg_pool3d", call -> rowMajor(pooled(call, 3, -1, 4)));
    table.addMany("max_pool2d_with_indices", call -> withPlaces(pooled(call, 2, 4, 5)));
    table.addMany("max_pool3d_with_indices", call -> withPlaces(largestOfVolumes(call)));
    table.add("_adaptive_avg_pool2d", PoolingRules::resized);
    table.add("upsample_nearest2d upsample_bilinear2d", PoolingRules::upsampled);
  }

  private static TensorMeta upsampled(OpCall call) {
    if (call.tensor(0).rank() != 4) {
      throw call.error("the input has shape " + call.tensor(0).shape() + ", not [N, C, H, W]");
    }
    return resized(call);
  }

  private static TensorMeta resized(OpCall call) {
    TensorMeta input = call.tensor(0);
    if (input.rank() != 3 && input.rank() != 4) {
      throw call.error("the input has shape " + input.shape() + ", not [N, C, H, W]");
    }
    List<Dim> shape = new ArrayList<>(input.shape().subList(0, input.rank() - 2));
    shape.add(call.dims(1).get(0));
    shape.add(call.dims(1).getLast());
    return MemoryLayout.like(input, TensorMeta.contiguous(input.dtype(), shape));
  }

  static TensorMeta rowMajor(TensorMeta meta) {
    return TensorMeta.contiguous(meta.dtype(), meta.shape());
  }

  static List<TensorMeta> withPlaces(TensorMeta values) {
    return List.of(values, values.withDtype(DType.INT64));
  }

  /** In the layout that the input has as a batch of one, if it is none. */
  private static TensorMeta largestOfVolumes(OpCall call) {
    TensorMeta input = call.tensor(0);
    TensorMeta result = pooled(call, 3, 4, 5);
    if (input.rank() == 5) {
      return result;
    }
    if (input.isContiguous() || !MemoryLayout.isChannelsLast(batchOfOne(input))) {
      return rowMajor(result);
    }
    TensorMeta batch = MemoryLayout.channelsLast(batchOfOne(result));
    return new TensorMeta(result.dtype(), result.shape(), batch.strides().subList(1, 5));
  }

  private static TensorMeta batchOfOne(TensorMeta meta) {
    List<Dim> shape = new ArrayList<>(meta.shape());
    List<Dim> strides = new ArrayList<>(meta.strides());
    strides.addFirst(shape.getFirst().times(strides.getFirst()));
    shape.addFirst(Dim.ONE);
    return new TensorMeta(meta.dtype(), shape, strides);
  }

  private static TensorMeta pooled(OpCall call, int spatial, int dilationArg, int ceilArg) {
    TensorMeta input = call.tensor(0);
    int lead = input.rank() - spatial;
    if (lead != 1 && lead != 2) {
      throw call.error(
          "the input has shape %s, which has not %d dimensions besides channels and batch"
              .formatted(input.shape(), spatial));
    }
    List<Dim> shape = new ArrayList<>(input.shape().subList(0, lead));
    for (int i = 0; i < spatial; i++) {
      long kernel = spatial(call, 1, i, 1);
      long dilation = dilationArg < 0 ? 1 : spatial(call, dilationArg, i, 1);
      shape.add(
          extent(
              call,
              input.shape().get(lead + i),
              (kernel - 1) * dilation + 1,
              spatial(call, 2, i, kernel),
              spatial(call, 3, i, 0),
              call.flag(ceilArg)));
    }
    return MemoryLayout.like(input, TensorMeta.contiguous(input.dtype(), shape));
  }

  private static Dim extent(
      OpCall call, Dim size, long window, long stride, long padding, boolean ceil) {
    if (stride < 1) {
      throw call.error("the stride is " + stride);
    }
    Dim room = size.plus(2 * padding - window);
    if (!ceil) {
      return positive(call, size, window, room.floorDiv(stride).plus(1));
    }
    Dim out = room.plus(stride - 1).floorDiv(stride).plus(1);
    // The last window must begin inside the input or its left padding.
    Dim last = out.minus(1).times(stride).minus(size.plus(padding));
    if (last.min() >= 0) {
      out = out.minus(1);
    } else if (last.max() >= 0) {
      out = size.plus(padding - 1).floorDiv(stride).plus(1).min(out);
    }
    return positive(call, size, window, out);
  }

  private static Dim positive(OpCall call, Dim size, long window, Dim out) {
    if (out.max() < 1) {
      throw call.error("a window of " + window + " does not fit into " + size);
    }
    return out;
  }

  /** One value stands for both dimensions, none for the default. */
  private static long spatial(OpCall call, int arg, int i, long absent) {
    List<Long> values = call.integers(arg);
    return values.isEmpty() ? absent : values.get(values.size() == 1 ? 0 : i);
  }
}
