package io.ait4j.examples;

import io.ait4j.fx.DType;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** How far outputs lie from recorded ones: the relative L2 error of the worst output. */
record Agreement(double relativeError) {
  /**
   * @throws ModelException (RUN) if number, shape or dtype of the outputs differ
   */
  static Agreement of(List<NativeTensor> actual, List<NativeTensor> expected) {
    if (actual.size() != expected.size()) {
      throw new ModelException(
          ModelException.Kind.RUN, actual.size() + " outputs, recorded " + expected.size());
    }
    double worst = 0;
    for (int i = 0; i < expected.size(); i++) {
      NativeTensor a = actual.get(i);
      NativeTensor e = expected.get(i);
      if (a.dtype() != e.dtype() || !a.shape().equals(e.shape())) {
        throw new ModelException(
            ModelException.Kind.RUN, "output " + i + " is " + a + ", recorded " + e);
      }
      worst = Math.max(worst, relativeError(a, e));
    }
    return new Agreement(worst);
  }

  private static double relativeError(NativeTensor actual, NativeTensor expected) {
    double difference = 0;
    double reference = 0;
    for (long i = 0; i < expected.numel(); i++) {
      double e = element(expected, i);
      double d = element(actual, i) - e;
      difference += d * d;
      reference += e * e;
    }
    return difference == 0 ? 0 : Math.sqrt(difference / reference);
  }

  private static double element(NativeTensor tensor, long i) {
    if (tensor.dtype() == DType.FLOAT32) {
      return tensor.data().getAtIndex(ValueLayout.JAVA_FLOAT, i);
    }
    if (tensor.dtype() == DType.INT64) {
      return tensor.data().getAtIndex(ValueLayout.JAVA_LONG, i);
    }
    throw new ModelException(
        ModelException.Kind.USAGE, "Bench compares float32 and int64, not " + tensor);
  }
}
