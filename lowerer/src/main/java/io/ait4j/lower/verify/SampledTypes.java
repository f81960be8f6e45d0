package io.ait4j.lower.verify;

import io.ait4j.fx.Dim;
import io.ait4j.fx.InputSpec;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The types of a model's inputs by what was recorded of them: a size that differs between
 * recordings is a symbol of its own with the range between them. That two sizes are equal in every
 * recording does not make them one.
 */
public final class SampledTypes {
  private SampledTypes() {}

  /** What a size is called that has no name. */
  public static String symbolName(String input, int dimension) {
    return input.replaceAll("\\W", "_") + "_d" + dimension;
  }

  /**
   * The inputs' types, by position.
   *
   * @param samples at least one
   * @throws ModelException (USAGE) if they differ in more than sizes
   */
  public static List<InputSpec> of(List<SampleFile> samples) {
    SampleFile first = samples.getFirst();
    for (SampleFile other : samples) {
      if (other.inputs().size() != first.inputs().size()) {
        throw new ModelException(
            ModelException.Kind.USAGE,
            "%s has %d inputs and %s has %d; give recordings of the same model"
                .formatted(
                    first.path(), first.inputs().size(), other.path(), other.inputs().size()));
      }
    }
    List<InputSpec> specs = new ArrayList<>();
    for (int i = 0; i < first.inputs().size(); i++) {
      specs.add(new InputSpec(null, type(samples, i)));
    }
    return specs;
  }

  /**
   * The same of recordings in files.
   *
   * @throws ModelException (IMPORT) if one cannot be read; (USAGE) as {@link #of}
   */
  public static List<InputSpec> ofFiles(List<Path> files) {
    List<SampleFile> samples = new ArrayList<>();
    try {
      files.forEach(file -> samples.add(SampleFile.open(file)));
      return of(samples);
    } finally {
      samples.forEach(SampleFile::close);
    }
  }

  private static TensorMeta type(List<SampleFile> samples, int input) {
    NativeTensor first = samples.getFirst().inputs().get(input);
    for (SampleFile sample : samples) {
      NativeTensor other = sample.inputs().get(input);
      if (other.dtype() != first.dtype() || other.sizes().length != first.sizes().length) {
        throw new ModelException(
            ModelException.Kind.USAGE,
            "input%d is %s in %s and %s in %s; only sizes may differ"
                .formatted(input, first, samples.getFirst().path(), other, sample.path()));
      }
    }
    List<Dim> shape = new ArrayList<>();
    for (int d = 0; d < first.sizes().length; d++) {
      int dimension = d;
      var sizes =
          samples.stream()
              .mapToLong(sample -> sample.inputs().get(input).sizes()[dimension])
              .summaryStatistics();
      shape.add(Dim.symbol(symbolName("input" + input, d), sizes.getMin(), sizes.getMax()));
    }
    return TensorMeta.contiguous(first.dtype(), shape);
  }
}
