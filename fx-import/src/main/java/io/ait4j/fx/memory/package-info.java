/**
 * Tensors of a source program that share memory, and writes to them, said without writes.
 *
 * <p>PyTorch's programs write in place and look at one memory through many views; a graph does
 * neither. Here each tensor of the program is a {@link io.ait4j.fx.memory.TensorRef}: a {@link
 * io.ait4j.fx.memory.Storage} seen through a chain of views. A write makes the storage's next
 * value, and every reader of an older one replays its views. {@link
 * io.ait4j.fx.memory.EagerOperators} is the way in for readers.
 */
package io.ait4j.fx.memory;
