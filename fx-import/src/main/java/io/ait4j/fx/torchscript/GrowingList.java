package io.ait4j.fx.torchscript;

import io.ait4j.fx.ModelException;

/**
 * A list that was taken to be of known length is appended to under control flow that depends on
 * data. The reader reads again with the list as a value of the graph from where it is made.
 */
final class GrowingList extends ModelException {
  private static final long serialVersionUID = 1L;

  private final String site;

  /**
   * @param site where the list is made; null if that is no place in the code
   */
  GrowingList(ModelException refusal, String site) {
    super(refusal.kind(), refusal.getMessage(), refusal);
    this.site = site;
  }

  String site() {
    return site;
  }
}
