package io.ait4j.fx.memory;

import io.ait4j.fx.ModelException;

/**
 * A write to a parameter or buffer that was taken for a constant. A reader that can hold it as
 * state reads again and does so.
 */
public final class WrittenWeight extends ModelException {
  private static final long serialVersionUID = 1L;

  private final String name;

  public WrittenWeight(String place, String name) {
    super(
        Kind.IMPORT,
        (place.isEmpty() ? "" : place + ": ")
            + "the model writes to its parameter or buffer '"
            + name
            + "', which was taken for a constant");
    this.name = name;
  }

  /** Of the weight. */
  public String name() {
    return name;
  }
}
