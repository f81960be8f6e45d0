package io.ait4j.lower;

import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Something to copy into a tensor of the caller's.
 *
 * @param to no two of its elements share memory
 */
record Transfer(NativeTensor content, NativeTensor to) {
  /**
   * @throws ModelException (USAGE) if they are of different types
   */
  Transfer {
    if (content.dtype() != to.dtype() || !Arrays.equals(content.sizes(), to.sizes())) {
      throw new ModelException(
          ModelException.Kind.USAGE,
          "a result is %s, and the tensor for it %s".formatted(content, to));
    }
  }

  long bytes() {
    return to.numel() * to.dtype().bytes();
  }

  /** Whether both are on one device. */
  boolean isLocal() {
    return content.device().equals(to.device());
  }

  /** Copies all of them as if at once: what one writes may be what another reads. */
  static void perform(List<Transfer> transfers, Place place) {
    List<Held> contents = new ArrayList<>();
    try {
      for (Transfer transfer : transfers) {
        NativeTensor content = transfer.content;
        contents.add(
            transfers.stream().noneMatch(other -> Held.overlap(content, other.to))
                ? new Held(content, Owner.OUTSIDE, false)
                : place.of(content).copy(content));
      }
      for (int i = 0; i < contents.size(); i++) {
        NativeTensor to = transfers.get(i).to;
        place.of(to).assign(contents.get(i).tensor(), to);
      }
    } finally {
      Held.release(contents);
    }
  }
}
