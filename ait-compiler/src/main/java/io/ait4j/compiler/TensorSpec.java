package io.ait4j.compiler;

import io.ait4j.fx.TensorMeta;

/**
 * An input or output of a compiled library.
 *
 * @param name as the library calls it
 * @param meta its type; a tensor with these strides is used where it lies, others are copied. A
 *     size or stride that differs from run to run is a symbol
 */
public record TensorSpec(String name, TensorMeta meta) {}
