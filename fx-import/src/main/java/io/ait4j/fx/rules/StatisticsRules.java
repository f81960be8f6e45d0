package io.ait4j.fx.rules;

import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Operators that hand out more than their core form: a normalisation's mean and reciprocal
 * deviation, a pooling's places, a dropout's mask.
 */
final class StatisticsRules {
  private StatisticsRules() {}

  static void addTo(RuleTable table) {
    table.addMany("native_layer_norm", StatisticsRules::layerNorm);
    table.addMany("native_group_norm", StatisticsRules::groupNorm);
    table.addMany("native_dropout", StatisticsRules::dropout);
    table.addMany("native_batch_norm", call -> batchNorm(call, call.flag(5)));
    table.addMany("_native_batch_norm_legit", call -> batchNorm(call, call.flag(5)));
    table.addMany("_native_batch_norm_legit.no_stats", call -> batchNorm(call, call.flag(3)));
    table.addMany("_native_batch_norm_legit_no_training", call -> batchNorm(call, false));
    table.addMany("_native_batch_norm_legit_functional", StatisticsRules::withNewStatistics);
  }

  private static List<TensorMeta> layerNorm(OpCall call) {
    TensorMeta result = NormRules.layerNorm(call);
    List<Dim> kept = new ArrayList<>(result.shape());
    int outer = result.rank() - call.dims(1).size();
    Collections.fill(kept.subList(outer, result.rank()), Dim.ONE);
    TensorMeta statistics = TensorMeta.contiguous(result.dtype(), kept);
    return List.of(result, statistics, statistics);
  }

  private static List<TensorMeta> groupNorm(OpCall call) {
    TensorMeta input = call.tensor(0);
    TensorMeta result =
        MemoryLayout.like(input, TensorMeta.contiguous(input.dtype(), input.shape()));
    TensorMeta statistics = TensorMeta.contiguous(input.dtype(), List.of(call.dim(3), call.dim(6)));
    return List.of(result, statistics, statistics);
  }

  /** Statistics only if they are taken. */
  private static List<TensorMeta> batchNorm(OpCall call, boolean training) {
    TensorMeta input = call.tensor(0);
    if (input.rank() < 2) {
      throw call.error("the input has rank " + input.rank() + ", so no channels");
    }
    TensorMeta result = NormRules.channelwise(input);
    TensorMeta statistics =
        TensorMeta.contiguous(input.dtype(), List.of(training ? input.shape().get(1) : Dim.ZERO));
    return List.of(result, statistics, statistics);
  }

  private static List<TensorMeta> withNewStatistics(OpCall call) {
    List<TensorMeta> results = new ArrayList<>(batchNorm(call, call.flag(5)));
    results.add(call.tensor(3));
    results.add(call.tensor(4));
    return results;
  }

  private static List<TensorMeta> dropout(OpCall call) {
    TensorMeta input = call.tensor(0);
    TensorMeta result = CopyRules.like(call, input, Optional.empty());
    // An empty tensor gets an empty mask of its own dtype.
    return List.of(result, input.numel().is(0) ? result : result.withDtype(DType.BOOL));
  }
}
