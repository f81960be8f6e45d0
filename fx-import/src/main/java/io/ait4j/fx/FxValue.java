package io.ait4j.fx;

/** A named value of a graph. Names are unique in a graph, its blocks included. */
public record FxValue(String name, ValueMeta meta) {
  /**
   * The type of a tensor value; throws {@link IllegalStateException} naming the value otherwise.
   */
  public TensorMeta tensor() {
    if (meta instanceof TensorMeta t) {
      return t;
    }
    throw new IllegalStateException(
        "value %" + name + " is not a tensor of known shape but " + meta);
  }
}
