package io.ait4j.fx;

/**
 * What a model will be called with.
 *
 * @param name of the model's parameter; null to take the place in the list
 * @param meta its type
 */
public record InputSpec(String name, TensorMeta meta) {}
