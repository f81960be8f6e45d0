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
 */
public record Weight(String name, TensorMeta meta, MemorySegment data) {
  public Weight {
    Objects.requireNonNull(name);
    if (!data.isNative() && data.byteSize() > 0) {
      throw new IllegalArgumentException("weight " + name + " is on the Java heap");
    }
  }
}
