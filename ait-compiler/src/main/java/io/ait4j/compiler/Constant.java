package io.ait4j.compiler;

import io.ait4j.fx.DType;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * A constant of a compiled library: a weight as the model has it, or one that was folded or packed
 * for the library.
 *
 * @param name as the library calls it
 * @param dtype element type
 * @param shape sizes; a packed constant has one
 * @param data exactly its elements, row-major, in native memory aligned to the element size; a
 *     module reads it where it lies, so it must live as long as the module
 */
public record Constant(String name, DType dtype, long[] shape, MemorySegment data) {
  public Constant {
    Objects.requireNonNull(name);
    Objects.requireNonNull(dtype);
    long bytes = dtype.bytes();
    for (long size : shape) {
      bytes = Math.multiplyExact(bytes, size);
    }
    if (data.byteSize() != bytes) {
      throw new IllegalArgumentException(
          "constant " + name + " takes " + bytes + " bytes, has " + data.byteSize());
    }
    if (!data.isNative() && bytes > 0) {
      throw new IllegalArgumentException("constant " + name + " is on the Java heap");
    }
  }
}
