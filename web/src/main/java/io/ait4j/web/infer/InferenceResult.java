package io.ait4j.web.infer;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * What a model made of a request, in memory that it shares with its worker until this is closed.
 */
public final class InferenceResult implements AutoCloseable {
  /**
   * An output.
   *
   * @param data in row-major order, little-endian
   */
  public record Output(TensorDescription type, long[] sizes, MemorySegment data) {}

  private final List<Output> outputs;
  private final Runnable free;
  private boolean closed;

  /**
   * @param free gives the memory back
   */
  InferenceResult(List<Output> outputs, Runnable free) {
    this.outputs = List.copyOf(outputs);
    this.free = free;
  }

  /** In the model's order. */
  public List<Output> outputs() {
    return outputs;
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      free.run();
    }
  }
}
