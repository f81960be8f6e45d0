package io.ait4j.fx;

import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** Whether weights are the same: name, type and every byte their strides reach. */
final class WeightDiff {
  private WeightDiff() {}

  /** What differs; empty if nothing does. Null stands for a weight left out. */
  static Optional<String> between(Weight here, Weight there) {
    if (here == null || there == null) {
      return here == there
          ? Optional.empty()
          : Optional.of(here == null ? "none here" : "none there");
    }
    if (!here.name().equals(there.name())) {
      return Optional.of(here.name() + " here, " + there.name() + " there");
    }
    if (!here.meta().equals(there.meta())) {
      return Optional.of(here.name() + ": " + here.meta() + " here, " + there.meta() + " there");
    }
    long bytes = extent(here.meta());
    long available = Math.min(here.data().byteSize(), there.data().byteSize());
    if (available < bytes) {
      return here.data().byteSize() == there.data().byteSize()
          ? Optional.empty() // data left out of both
          : Optional.of(
              "%s: %d bytes here, %d there"
                  .formatted(here.name(), here.data().byteSize(), there.data().byteSize()));
    }
    long at = here.data().asSlice(0, bytes).mismatch(there.data().asSlice(0, bytes));
    return at < 0
        ? Optional.empty()
        : Optional.of(
            "%s: byte %d of %d is %d here, %d there"
                .formatted(
                    here.name(),
                    at,
                    bytes,
                    here.data().get(ValueLayout.JAVA_BYTE, at),
                    there.data().get(ValueLayout.JAVA_BYTE, at)));
  }

  /** Bytes from element 0 to behind the last that the strides reach. */
  private static long extent(TensorMeta meta) {
    long last = 0;
    for (int i = 0; i < meta.rank(); i++) {
      long size = meta.shape().get(i).value();
      if (size == 0) {
        return 0;
      }
      last += (size - 1) * meta.strides().get(i).value();
    }
    return (last + 1) * meta.dtype().bytes();
  }
}
