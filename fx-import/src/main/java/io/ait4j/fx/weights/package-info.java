/**
 * Weights apart from the model they belong to: checkpoints of {@code torch.save}, safetensors files
 * and shards of either, and how their tensors take the place of a model's own by name.
 */
package io.ait4j.fx.weights;
