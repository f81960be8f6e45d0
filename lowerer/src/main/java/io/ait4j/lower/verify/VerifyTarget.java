package io.ait4j.lower.verify;

import java.nio.file.Path;
import java.util.List;

/**
 * A model file and what was recorded of it.
 *
 * @param name of its folder
 * @param samples at least one
 */
public record VerifyTarget(String name, VerifyFormat format, Path model, List<Path> samples) {
  public VerifyTarget {
    samples = List.copyOf(samples);
  }

  /** The model's file name. */
  public String file() {
    return model.getFileName().toString();
  }
}
