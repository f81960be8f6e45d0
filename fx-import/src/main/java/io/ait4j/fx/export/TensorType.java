package io.ait4j.fx.export;

import io.ait4j.fx.DType;
import java.util.List;

/**
 * The type of a tensor as the file gives it, the file's {@code TensorMeta}.
 *
 * @param dtype null if this project has no such type; {@code dtypeName} tells it
 * @param layout {@code strided} for what has strides
 */
record TensorType(
    DType dtype,
    String dtypeName,
    List<Size> sizes,
    List<Size> strides,
    Size storageOffset,
    String layout) {
  TensorType {
    sizes = List.copyOf(sizes);
    strides = List.copyOf(strides);
  }
}
