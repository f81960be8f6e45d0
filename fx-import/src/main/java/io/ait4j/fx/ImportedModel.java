package io.ait4j.fx;

/**
 * A model as read from a file.
 *
 * @param graph what it computes
 * @param storage holds the memory of the graph's weights; close it after their last use
 */
public record ImportedModel(FxGraph graph, AutoCloseable storage) implements AutoCloseable {
  @Override
  public void close() {
    try {
      storage.close();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new ModelException(
          ModelException.Kind.IMPORT,
          "the model's weights cannot be released: " + e.getMessage(),
          e);
    }
  }
}
