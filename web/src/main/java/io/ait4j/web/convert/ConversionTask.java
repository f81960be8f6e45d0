package io.ait4j.web.convert;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A conversion for a worker process.
 *
 * @param model a local file
 * @param weights a checkpoint whose tensors take the place of the model's
 * @param samples safetensors files with {@code input0}, ... and perhaps {@code output0}, ...
 * @param owner whose compiled libraries it may find and leave: each owner has a cache of its own,
 *     as a hostile model could spoil the one it has
 * @param folder an empty folder of this task's own: results and all that is temporary go there
 */
public record ConversionTask(
    Path model,
    Optional<Path> weights,
    List<Path> samples,
    ConversionSettings settings,
    String owner,
    Path folder) {
  public ConversionTask {
    Objects.requireNonNull(model);
    Objects.requireNonNull(weights);
    samples = List.copyOf(samples);
    Objects.requireNonNull(settings);
    Objects.requireNonNull(owner);
    Objects.requireNonNull(folder);
  }
}
