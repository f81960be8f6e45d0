package io.ait4j.fx;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * A parameter, buffer or constant of a model, in memory that is mapped from its file or owned by
 * its loader; never on the Java heap. Valid as long as the segment's arena is open.
 *
 * @param name as the model calls it, {@code layer1.0.conv1.weight}
 * @param meta its type, strides included; constant sizes
 * @param data begins at element 0 and holds every element the strides reach
 * @param kind whether a checkpoint of the model has it
 */
public record Weight(String name, TensorMeta meta, MemorySegment data, Kind kind) {
  /** What a weight is to its model. */
  public enum Kind {
    /** Trained, or else known to be in every checkpoint of the model. */
    PARAMETER,
    /** Part of the model's state, yet a checkpoint need not have it (PyTorch: not persistent). */
    BUFFER,
    /** Part of the model's code: no checkpoint has it. */
    CONSTANT
  }

  public Weight {
    Objects.requireNonNull(name);
    Objects.requireNonNull(kind);
    if (!data.isNative() && data.byteSize() > 0) {
      throw new IllegalArgumentException("weight " + name + " is on the Java heap");
    }
  }

  /** A parameter, or a weight whose reader cannot tell what it is. */
  public Weight(String name, TensorMeta meta, MemorySegment data) {
    this(name, meta, data, Kind.PARAMETER);
  }
}
