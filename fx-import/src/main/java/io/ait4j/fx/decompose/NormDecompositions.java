package io.ait4j.fx.decompose;

import static io.ait4j.fx.Arg.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Normalisations over batches, instances and vectors. */
final class NormDecompositions {
  private NormDecompositions() {}

  static void addTo(DecompositionTable table) {
    table.add("batch_norm", NormDecompositions::batchNorm);
    table.addMany("native_batch_norm", r -> inference(r, r.flag(5), 6));
    table.addMany("_native_batch_norm_legit", r -> inference(r, r.flag(5), 6));
    table.addMany("_native_batch_norm_legit_no_training", r -> inference(r, false, 5));
    table.add("instance_norm", NormDecompositions::instanceNorm);
    table.addMany(
        "native_layer_norm",
        r -> replaced(r, r.call("layer_norm", r.arg(0), r.arg(1), r.arg(2), r.arg(3), r.arg(4))));
    table.addMany(
        "native_group_norm",
        r -> replaced(r, r.call("group_norm", r.arg(0), r.arg(6), r.arg(1), r.arg(2), r.arg(7))));
    table.add("rms_norm", NormDecompositions::rmsNorm);
    table.add("_weight_norm", NormDecompositions::weightNorm);
    table.addMany("_weight_norm_interface", r -> replaced(r, weightNorm(r)));
    table.addMany("_fused_rms_norm", r -> replaced(r, rmsNorm(r)));
    table.addMany(
        "_native_batch_norm_legit.no_stats",
        r -> r.flag(3) ? replaced(r, trainingNorm(r, r.arg(5))) : r.keep());
    table.addMany("cudnn_batch_norm miopen_batch_norm", r -> inference(r, r.flag(5), 6));
  }

  /** The operator's own results with the first one replaced; the others are dead in most models. */
  private static List<Arg> replaced(Rewrite r, Arg first) {
    List<Arg> results = new ArrayList<>(r.keep());
    results.set(0, first);
    return results;
  }

  private static List<Arg> inference(Rewrite r, boolean training, int momentum) {
    if (training) {
      return r.keep();
    }
    return replaced(
        r,
        r.call(
            "batch_norm",
            r.arg(0),
            r.arg(1),
            r.arg(2),
            r.arg(3),
            r.arg(4),
            of(false),
            r.arg(momentum),
            r.arg(momentum + 1),
            of(false)));
  }

  private static Arg batchNorm(Rewrite r) {
    if (!r.flag(5)) {
      return r.keepOne();
    }
    if (r.has(3) || r.has(4)) {
      throw r.error(
          "it is in training mode and would change its running statistics; export the model after"
              + " eval()");
    }
    return trainingNorm(r, r.arg(7));
  }

  /** By the statistics of the batch itself. */
  private static Arg trainingNorm(Rewrite r, Arg eps) {
    TensorMeta input = r.meta(0);
    List<Integer> reduced = Rewrite.range(0, input.rank());
    reduced.remove(1);
    Arg x = TypeSteps.accumulating(r, r.arg(0));
    Arg mean = r.call("mean.dim", x, Rewrite.list(reduced), of(true));
    Arg centred = r.call("sub.Tensor", x, mean);
    Arg variance = r.call("var.correction", x, Rewrite.list(reduced), of(0), of(true));
    Arg scale = r.call("rsqrt", r.call("add.Tensor", variance, eps));
    Arg result = r.call("mul.Tensor", centred, scale);
    if (r.has(1)) {
      result = r.call("mul.Tensor", result, perChannel(r, r.arg(1), input.rank()));
    }
    if (r.has(2)) {
      result = r.call("add.Tensor", result, perChannel(r, r.arg(2), input.rank()));
    }
    return r.cast(result, input.dtype());
  }

  private static Arg perChannel(Rewrite r, Arg vector, int rank) {
    List<Dim> shape = new ArrayList<>(Collections.nCopies(rank, Dim.ONE));
    shape.set(1, r.meta(vector).numel());
    return r.reshape(vector, shape);
  }

  /** Statistics of each instance and channel are those of groups of one channel. */
  private static Arg instanceNorm(Rewrite r) {
    if (!r.flag(5)) {
      return r.call(
          "batch_norm",
          r.arg(0),
          r.arg(1),
          r.arg(2),
          r.arg(3),
          r.arg(4),
          of(false),
          r.arg(6),
          r.arg(7),
          r.arg(8));
    }
    Arg channels = Arg.of(r.meta(0).shape().get(1));
    return r.call("group_norm", r.arg(0), channels, r.arg(1), r.arg(2), r.arg(7));
  }

  private static Arg rmsNorm(Rewrite r) {
    TensorMeta input = r.meta(0);
    int rank = input.rank();
    List<Integer> axes = Rewrite.range(rank - r.dims(1).size(), rank);
    Arg x = TypeSteps.accumulating(r, r.arg(0));
    Arg eps = r.has(3) ? r.arg(3) : of(epsilon(r.meta(x).dtype()));
    Arg meanSquare = r.call("mean.dim", r.call("mul.Tensor", x, x), Rewrite.list(axes), of(true));
    Arg scale = r.call("rsqrt", r.call("add.Tensor", meanSquare, eps));
    Arg result = r.call("mul.Tensor", x, scale);
    if (r.has(2)) {
      result = r.call("mul.Tensor", result, r.arg(2));
    }
    return r.cast(result, input.dtype());
  }

  private static double epsilon(DType dtype) {
    return dtype == DType.FLOAT64 ? Math.ulp(1.0) : Math.ulp(1.0f);
  }

  /** {@code v * (g / ||v||)}, the norm over all dimensions but one. */
  private static Arg weightNorm(Rewrite r) {
    int rank = r.meta(0).rank();
    List<Integer> axes = Rewrite.range(0, rank);
    if (r.integer(2) != -1) {
      axes.remove(r.axis(r.integer(2), rank));
    }
    Arg square = r.call("mul.Tensor", r.arg(0), r.arg(0));
    Arg norm =
        axes.isEmpty()
            ? r.call("abs", r.arg(0))
            : r.call("sqrt", r.call("sum.dim_IntList", square, Rewrite.list(axes), of(true)));
    return r.call("mul.Tensor", r.arg(0), r.call("div.Tensor", r.arg(1), norm));
  }
}
