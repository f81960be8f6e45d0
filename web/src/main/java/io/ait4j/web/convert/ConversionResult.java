package io.ait4j.web.convert;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a conversion made, in its task's folder.
 *
 * @param artifact the {@code .aitm} file
 * @param reportJson how the model was split: an array with a report for each target, in the order
 *     of the settings, each as {@code inspect --json} says it
 * @param reportHtml the same as one page
 * @param measurements kernel times and the comparison with libtorch, JSON; empty if not asked for
 * @param seconds how long each stage took, by {@link Stage#toString}
 */
public record ConversionResult(
    Path artifact,
    Path reportJson,
    Path reportHtml,
    Optional<Path> measurements,
    Map<String, Double> seconds) {
  public ConversionResult {
    Objects.requireNonNull(artifact);
    Objects.requireNonNull(reportJson);
    Objects.requireNonNull(reportHtml);
    Objects.requireNonNull(measurements);
    seconds = Map.copyOf(seconds);
  }
}
