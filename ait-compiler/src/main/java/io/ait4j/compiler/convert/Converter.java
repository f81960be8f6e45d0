package io.ait4j.compiler.convert;

/**
 * Turns one node of a graph into kernels. Stateless; the same instance serves every node of its
 * operator, from any thread.
 */
@FunctionalInterface
public interface Converter {
  /**
   * Emits the kernels of {@code cx.node()}; throws {@link UnsupportedNodeException} with the reason
   * if it cannot.
   */
  void convert(Conversion cx);
}
