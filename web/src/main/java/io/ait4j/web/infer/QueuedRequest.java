package io.ait4j.web.infer;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A request whose inputs are there: waits, is run, and is answered, unless nobody waits for it. */
final class QueuedRequest {
  private final InputBlocks inputs;
  private final List<List<Long>> rowShapes;
  private final CompletableFuture<InferenceResult> result = new CompletableFuture<>();
  private final long enqueued = System.nanoTime();
  private volatile long begun;

  QueuedRequest(InputBlocks inputs) {
    this.inputs = inputs;
    this.rowShapes =
        inputs.places().stream()
            .map(place -> Arrays.stream(place.sizes()).skip(1).boxed().toList())
            .toList();
  }

  List<TensorPlace> places() {
    return inputs.places();
  }

  /** How many rows it brings to a batch; 0 if none, as its inputs do not agree. */
  long rows() {
    long[] counts =
        inputs.places().stream()
            .mapToLong(place -> place.sizes().length == 0 ? 0 : place.sizes()[0])
            .distinct()
            .toArray();
    return counts.length == 1 ? counts[0] : 0;
  }

  /** Whether the rows of both may share a run. */
  boolean matches(QueuedRequest other) {
    return rowShapes.equals(other.rowShapes);
  }

  CompletableFuture<InferenceResult> result() {
    return result;
  }

  long enqueued() {
    return enqueued;
  }

  void begin() {
    begun = System.nanoTime();
  }

  /** How long it has waited, or did. */
  long queueNanos() {
    long end = begun;
    return (end == 0 ? System.nanoTime() : end) - enqueued;
  }

  /** Nobody reads the inputs any more. */
  void finish(InferenceResult outputs) {
    inputs.close();
    if (!result.complete(outputs)) {
      outputs.close();
    }
  }

  /** Nobody reads the inputs any more. */
  void fail(InferenceFailed why) {
    inputs.close();
    result.completeExceptionally(why);
  }
}
