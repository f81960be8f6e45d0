package io.ait4j.web.infer;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** The shared memory that one request's inputs are in. */
final class InputBlocks implements AutoCloseable {
  private final SharedArea area;
  private final FreeList space;
  private final TensorPlace[] places;
  private final List<Long> taken = new ArrayList<>();
  private boolean closed;

  InputBlocks(SharedArea area, FreeList space, int inputs) {
    this.area = area.hold();
    this.space = space;
    this.places = new TensorPlace[inputs];
  }

  /** Room for an input. */
  MemorySegment take(int input, long[] sizes, long bytes) throws InferenceFailed {
    OptionalLong offset = space.take(bytes);
    if (offset.isEmpty()) {
      throw space.canHold(bytes)
          ? new InferenceFailed(
              InferenceFailed.Reason.BUSY, "requests that wait leave no memory for this one")
          : new InferenceFailed(
              InferenceFailed.Reason.TOO_LARGE,
              "an input of %d bytes is larger than the %d that requests to this model may take"
                  .formatted(bytes, area.bytes()));
    }
    taken.add(offset.getAsLong());
    places[input] = new TensorPlace(sizes, offset.getAsLong());
    return area.at(offset.getAsLong(), bytes);
  }

  boolean has(int input) {
    return places[input] != null;
  }

  /** Where the inputs are, in order, once all are there. */
  List<TensorPlace> places() {
    return List.of(places);
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      taken.forEach(space::give);
      area.close();
    }
  }
}
