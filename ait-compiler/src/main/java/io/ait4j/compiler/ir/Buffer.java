package io.ait4j.compiler.ir;

import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.List;

/**
 * A tensor in memory.
 *
 * @param name of our own making; nothing from a model file reaches it
 * @param shape logical sizes, which indices follow
 * @param strides where the elements lie, in elements: the layout, apart from the logical shape
 * @param packedFor the template whose constant operand this holds in packed form, else null; shape
 *     and strides of a packed buffer are empty
 */
public record Buffer(
    String name, DType dtype, List<Dim> shape, List<Dim> strides, Role role, Template packedFor) {

  /** Who owns the memory and when it is written. */
  public enum Role {
    /** Passed in by the caller of each run. */
    INPUT,
    /** Passed in by the caller of each run, written by it. */
    OUTPUT,
    /** A weight of the model, as it is. */
    WEIGHT,
    /** Written by the fold program at build time, stored beside the library, read by runs. */
    FOLDED,
    /** In the arena, written and read within a run (or within folding). */
    TEMP,
    /** Inside one loop kernel, private to each iteration of its outer axes. */
    LOCAL
  }

  public Buffer {
    shape = List.copyOf(shape);
    strides = List.copyOf(strides);
  }

  public static Buffer of(String name, TensorMeta meta, Role role) {
    return new Buffer(name, meta.dtype(), meta.shape(), meta.strides(), role, null);
  }

  public static Buffer temp(String name, DType dtype, List<Dim> shape) {
    return new Buffer(name, dtype, shape, Sizes.rowMajor(shape), Role.TEMP, null);
  }

  public boolean isConstant() {
    return role == Role.WEIGHT || role == Role.FOLDED;
  }

  public Buffer withRole(Role newRole) {
    return new Buffer(name, dtype, shape, strides, newRole, packedFor);
  }

  public Buffer withStrides(List<Dim> newStrides) {
    return new Buffer(name, dtype, shape, newStrides, role, packedFor);
  }

  /** Elements that the strides reach where each size is as large as it may become. */
  public long largestReach() {
    long last = 0;
    for (int d = 0; d < shape.size(); d++) {
      if (!strides.get(d).is(0)) {
        last += Math.max(0, shape.get(d).max() - 1) * strides.get(d).max();
      }
    }
    return last + 1;
  }
}
