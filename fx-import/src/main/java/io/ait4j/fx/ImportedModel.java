package io.ait4j.fx;

import java.util.Set;

/**
 * A model as read from a file.
 *
 * @param graph what it computes
 * @param storage holds the memory of the graph's weights; close it after their last use
 * @param settled tensors of the file whose values have become part of the graph, even if they are
 *     weights of it too, or that nothing reads; no checkpoint can take their place
 */
public record ImportedModel(FxGraph graph, AutoCloseable storage, Set<String> settled)
    implements AutoCloseable {
  public ImportedModel {
    settled = Set.copyOf(settled);
  }

  public ImportedModel(FxGraph graph, AutoCloseable storage) {
    this(graph, storage, Set.of());
  }

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
