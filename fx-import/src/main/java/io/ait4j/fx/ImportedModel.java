package io.ait4j.fx;

import java.util.Set;

/**
 * A model as read from a file.
 *
 * @param graph what it computes
 * @param storage holds the memory of the graph's weights; close it after their last use
 * @param settled tensors of the file that are no weights of the graph: nothing reads them, or their
 *     values have become part of it; no checkpoint can take their place
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
