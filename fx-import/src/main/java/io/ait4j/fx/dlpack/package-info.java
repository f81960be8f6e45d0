/**
 * Tensors in DLPack's exchange format ({@link io.ait4j.fx.dlpack.DLPack}): what PyTorch, NumPy,
 * JAX, TVM and others give and take without a copy. Structures lie in native memory, where {@code
 * dlpack.h} 1.1 says, and are passed by their addresses.
 */
package io.ait4j.fx.dlpack;
