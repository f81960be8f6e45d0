package io.ait4j.fx;

/**
 * Passes tensors between us and another library, over the same memory in both directions.
 *
 * @param <T> the other's tensor
 */
public interface TensorExchange<T> {
  /**
   * A tensor of theirs as we see it. It stays theirs: the caller keeps it while the result is used.
   *
   * @throws ModelException (USAGE) if we have no such tensors, saying why
   */
  NativeTensor view(T tensor);

  /**
   * Hands a tensor of ours over.
   *
   * @param free gives the memory back; runs once, on whichever thread lets go of it last
   * @throws RuntimeException if they have no such tensors; {@code free} is the caller's then
   */
  T hand(NativeTensor tensor, Runnable free);

  /** Lets go of a tensor that {@link #hand} made. */
  void release(T tensor);
}
