package io.ait4j.web.infer;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * A request as it comes in: its inputs are written where the model's worker reads them. Used by one
 * thread; whoever began it closes it, after its result.
 */
public final class InferenceRequest implements AutoCloseable {
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final ServedModel model;
  private final ModelDescription description;
  private final InputBlocks blocks;
  private final long start = System.nanoTime();
  private boolean submitted;

  InferenceRequest(ServedModel model) throws InferenceFailed {
    this.model = model;
    this.description = model.worker().description();
    if (model.queue().isFull()) {
      throw model.busy();
    }
    this.blocks = model.blocks(description.inputs().size());
  }

  /** Counts a failure of this request. */
  private InferenceFailed counted(InferenceFailed failure) {
    model.meters().failed(failure.reason());
    return failure;
  }

  /** What the model takes and gives. */
  public ModelDescription description() {
    return description;
  }

  /** How long it may take in all. */
  public Duration limit() {
    return model.settings().timeout();
  }

  /** The version of the model that it is for. */
  public String version() {
    return model.model().version();
  }

  /**
   * An input of the name, which must be of this type, in these sizes.
   *
   * @return where its elements go, in row-major order, little-endian
   * @throws InferenceFailed (BAD_REQUEST) if the model has no such input, (TOO_LARGE, BUSY) if
   *     there is no memory for it
   */
  public MemorySegment input(String name, String datatype, long[] sizes) throws InferenceFailed {
    int place = description.input(name);
    if (place < 0) {
      throw bad(
          "the model has no input '%s'; it has %s"
              .formatted(
                  name,
                  description.inputs().stream()
                      .map(input -> "'" + input.name() + "'")
                      .collect(Collectors.joining(", "))));
    }
    TensorDescription type = description.inputs().get(place);
    if (!type.datatype().name().equals(datatype)) {
      throw bad("input '%s' is %s, not %s".formatted(name, type.datatype(), datatype));
    }
    if (type.misfit(sizes).isPresent()) {
      throw bad("input '%s': %s".formatted(name, type.misfit(sizes).get()));
    }
    if (blocks.has(place)) {
      throw bad("input '%s' comes twice".formatted(name));
    }
    try {
      return blocks.take(place, sizes, type.bytes(sizes));
    } catch (InferenceFailed e) {
      throw counted(e);
    } catch (ArithmeticException e) {
      throw counted(
          new InferenceFailed(
              InferenceFailed.Reason.TOO_LARGE,
              "input '%s' of %s is larger than any memory"
                  .formatted(name, Arrays.toString(sizes))));
    }
  }

  /**
   * Waits for its turn and runs it.
   *
   * @param patience how long to wait at most, if that is less than the server would
   * @param gone whether nobody waits for the result any more: asked by this thread, now and then
   * @return to be closed before this
   */
  public InferenceResult run(Duration patience, BooleanSupplier gone)
      throws InferenceFailed, InterruptedException {
    for (int i = 0; i < description.inputs().size(); i++) {
      if (!blocks.has(i)) {
        throw bad("input '%s' is missing".formatted(description.inputs().get(i).name()));
      }
    }
    QueuedRequest request = new QueuedRequest(blocks);
    if (!model.queue().offer(request)) {
      throw counted(model.busy());
    }
    submitted = true;
    Duration limit = model.settings().timeout();
    try {
      InferenceResult result =
          await(request, patience.compareTo(limit) < 0 ? patience : limit, gone);
      model.meters().succeeded(System.nanoTime() - start, request.queueNanos());
      return result;
    } catch (ExecutionException e) {
      throw counted((InferenceFailed) e.getCause());
    } catch (InferenceFailed e) {
      abandon(request);
      throw counted(e);
    } catch (InterruptedException | RuntimeException e) {
      abandon(request);
      throw e;
    }
  }

  private InferenceResult await(QueuedRequest request, Duration wait, BooleanSupplier gone)
      throws InferenceFailed, InterruptedException, ExecutionException {
    long end = System.nanoTime() + wait.toNanos();
    while (true) {
      long left = end - System.nanoTime();
      try {
        return request.result().get(Math.min(left, LOOK_NANOS), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        if (left <= LOOK_NANOS) {
          throw new InferenceFailed(
              InferenceFailed.Reason.TIMEOUT,
              "model '%s' gave no result within %s seconds"
                  .formatted(model.model().name(), wait.toMillis() / 1000.0));
        }
        if (gone.getAsBoolean()) {
          throw new InferenceFailed(
              InferenceFailed.Reason.GONE, "the caller hung up before there was a result");
        }
      }
    }
  }

  /** If it runs already, its memory is free when that is over. */
  private void abandon(QueuedRequest request) {
    boolean waited = model.queue().withdraw(request);
    if (!request.result().cancel(false) && !request.result().isCompletedExceptionally()) {
      request.result().join().close();
    }
    if (waited) {
      blocks.close();
    }
  }

  private InferenceFailed bad(String why) {
    return counted(new InferenceFailed(InferenceFailed.Reason.BAD_REQUEST, why));
  }

  @Override
  public void close() {
    if (!submitted) {
      blocks.close();
    }
    model.leave();
  }
}
