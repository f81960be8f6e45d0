package io.ait4j.fx;

/** Type of a value in an {@link FxGraph}. */
public sealed interface ValueMeta
    permits TensorMeta, ValueMeta.Scalar, ValueMeta.Sequence, ValueMeta.Opaque {

  /**
   * A number or truth value that is not a tensor: a TorchScript {@code int}, {@code float} or
   * {@code bool}.
   */
  record Scalar(DType dtype) implements ValueMeta {}

  /** A list or tuple whose elements have these types. */
  record Sequence(java.util.List<ValueMeta> elements) implements ValueMeta {
    public Sequence {
      elements = java.util.List.copyOf(elements);
    }
  }

  /**
   * Anything else, by its TorchScript type ({@code Tensor} for a tensor whose shape nothing is
   * known of, inside data-dependent control flow for example).
   */
  record Opaque(String type) implements ValueMeta {}
}
