package io.ait4j.web.infer;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** An input or output of a model. */
public record TensorDescription(
    @JsonProperty("name") String name,
    @JsonProperty("datatype") Datatype datatype,
    @JsonProperty("shape") List<Extent> shape) {

  /** The sizes that a dimension may have, both ends included. */
  public record Extent(@JsonProperty("min") long min, @JsonProperty("max") long max) {
    boolean holds(long size) {
      return min <= size && size <= max;
    }

    /** As the protocol has it: -1 unless there is one size only. */
    long oip() {
      return min == max ? min : -1;
    }

    @Override
    public String toString() {
      return min == max ? "" + min : min + ".." + (max == Long.MAX_VALUE ? "" : max);
    }
  }

  public TensorDescription {
    shape = List.copyOf(shape);
  }

  /** As the protocol has it: -1 for a size that may differ. */
  public long[] oipShape() {
    return shape.stream().mapToLong(Extent::oip).toArray();
  }

  /** Why a tensor of these sizes is none of this type's; empty if it is. */
  Optional<String> misfit(long[] sizes) {
    boolean fits = sizes.length == shape.size();
    for (int i = 0; fits && i < sizes.length; i++) {
      fits = shape.get(i).holds(sizes[i]);
    }
    return fits
        ? Optional.empty()
        : Optional.of("shape " + Arrays.toString(sizes) + " is not one of " + shape);
  }

  /** Bytes of a tensor of these sizes. */
  long bytes(long[] sizes) {
    long bytes = datatype.bytes();
    for (long size : sizes) {
      bytes = Math.multiplyExact(bytes, size);
    }
    return bytes;
  }
}
