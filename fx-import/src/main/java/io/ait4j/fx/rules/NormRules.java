package io.ait4j.fx.rules;

import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.List;

/** Normalisations kept whole. */
final class NormRules {
  private NormRules() {}

  static void addTo(RuleTable table) {
    table.add("layer_norm", NormRules::layerNorm);
    table.add("group_norm", NormRules::groupNorm);
    table.add("batch_norm", NormRules::batchNorm);
  }

  static TensorMeta layerNorm(OpCall call) {
    TensorMeta input = call.tensor(0);
    List<Dim> normalized = call.dims(1);
    int outer = input.rank() - normalized.size();
    List<Dim> end = input.shape().subList(Math.max(0, outer), input.rank());
    if (normalized.isEmpty() || !end.equals(normalized)) {
      throw call.unequal(
          "normalized shape %s is not the end of the input's shape %s"
              .formatted(normalized, input.shape()),
          end,
          normalized);
    }
    for (int i = 2; i <= 3; i++) {
      if (call.has(i) && !call.tensor(i).shape().equals(normalized)) {
        throw call.unequal(
            "weight or bias of shape %s for the normalized shape %s"
                .formatted(call.tensor(i).shape(), normalized),
            call.tensor(i).shape(),
            normalized);
      }
    }
    return TensorMeta.contiguous(input.dtype(), input.shape());
  }

  private static void checkChannels(OpCall call, TensorMeta input, int... args) {
    if (input.rank() < 2) {
      throw call.error("the input has rank " + input.rank() + ", so no channels");
    }
    for (int i : args) {
      if (call.has(i) && !call.tensor(i).shape().equals(List.of(input.shape().get(1)))) {
        throw call.unequal(
            "argument %d has shape %s for %s channels"
                .formatted(i, call.tensor(i).shape(), input.shape().get(1)),
            call.tensor(i).shape(),
            List.of(input.shape().get(1)));
      }
    }
  }

  private static TensorMeta groupNorm(OpCall call) {
    TensorMeta input = call.tensor(0);
    checkChannels(call, input, 2, 3);
    Dim groups = call.dim(1);
    if (groups.max() <= 0) {
      throw call.error("there are " + groups + " groups");
    }
    Dim rest = input.shape().get(1).mod(groups);
    if (!rest.is(0)) {
      throw call.unequal(
          "%s channels do not divide into %s groups".formatted(input.shape().get(1), groups),
          rest,
          Dim.ZERO);
    }
    return MemoryLayout.like(input, TensorMeta.contiguous(input.dtype(), input.shape()));
  }

  private static TensorMeta batchNorm(OpCall call) {
    TensorMeta input = call.tensor(0);
    checkChannels(call, input, 1, 2, 3, 4);
    if (call.flag(5)) {
      throw call.error("it is in training mode; export the model after eval()");
    }
    return channelwise(input);
  }

  /** The layout that normalising each channel by itself yields. */
  static TensorMeta channelwise(TensorMeta input) {
    TensorMeta result = TensorMeta.contiguous(input.dtype(), input.shape());
    return !input.isContiguous() && MemoryLayout.isChannelsLast(input)
        ? MemoryLayout.channelsLast(result)
        : MemoryLayout.like(input, result);
  }
}
