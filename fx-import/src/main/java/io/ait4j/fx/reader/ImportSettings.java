package io.ait4j.fx.reader;

import io.ait4j.fx.InputSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How to read a model.
 *
 * @param inputs what it will be called with; TorchScript needs one for each tensor it takes, the
 *     other formats say it themselves and may be narrowed here
 * @param weights a checkpoint whose tensors take the place of the model's own, by name
 */
public record ImportSettings(List<InputSpec> inputs, Optional<Path> weights) {
  /** For a model that says what its inputs are, with its own weights. */
  public static final ImportSettings DEFAULT = new ImportSettings(List.of(), Optional.empty());

  public ImportSettings {
    inputs = List.copyOf(inputs);
    Objects.requireNonNull(weights);
  }

  /** For these inputs, with the model's own weights. */
  public static ImportSettings of(List<InputSpec> inputs) {
    return new ImportSettings(inputs, Optional.empty());
  }
}
