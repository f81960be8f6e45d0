package io.ait4j.web.infer;

import java.util.List;

/**
 * How much memory a model shares with its worker: what as many requests need as may wait and run,
 * but no more than the settings say.
 */
record AreaSizes(long inputs, long outputs) {
  private static final long LEAST = 1 << 16;
  private static final long UNIT = 64;

  static AreaSizes of(ModelDescription model, InferenceSettings settings) {
    long requests = settings.pending() + settings.places();
    return new AreaSizes(
        size(model.inputs(), requests, settings.sharedBytes()),
        size(model.outputs(), requests, settings.sharedBytes()));
  }

  private static long size(List<TensorDescription> tensors, long requests, long most) {
    double bytes = 0;
    for (TensorDescription tensor : tensors) {
      double largest = tensor.datatype().bytes();
      for (TensorDescription.Extent extent : tensor.shape()) {
        largest *= extent.max();
      }
      bytes += largest + UNIT;
    }
    return (long) Math.min(most, Math.max(LEAST, bytes * requests));
  }
}
