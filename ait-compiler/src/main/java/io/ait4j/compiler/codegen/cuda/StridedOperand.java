package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Halves;
import io.ait4j.compiler.ir.Operand;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Strides;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.List;

/**
 * An operand that a kernel reads where it lies.
 *
 * @param dtype in memory: what the kernel computes with is float32
 * @param isRounded whether tensor cores may round it to TF32
 */
record StridedOperand(
    String buffer, DType dtype, Strides strides, boolean isBorder, boolean isRounded) {
  /**
   * @throws IllegalStateException if no strides say where the operand lies: passes see to it
   */
  static StridedOperand of(Program program, Operand read) {
    Operand operand = TensorCoreOperand.unrounded(read);
    Expr value = operand.value();
    if (value instanceof Expr.Cast(DType to, Expr from)
        && to == DType.FLOAT32
        && Halves.isHalf(from.dtype())) {
      value = from;
    }
    if (!(value instanceof Expr.Load load)
        || load.dtype().bytes() > Float.BYTES
        || !load.dtype().isFloating()) {
      throw new IllegalStateException("an operand that is no floating tensor: " + value);
    }
    Strides strides =
        Strides.of(program, operand.withValue(value))
            .orElseThrow(() -> new IllegalStateException("an operand that no strides reach"));
    Buffer.Role role = program.buffer(load.buffer()).role();
    return new StridedOperand(
        load.buffer(),
        load.dtype(),
        strides,
        role == Buffer.Role.INPUT || role == Buffer.Role.OUTPUT,
        TensorCoreOperand.isRounded(read));
  }

  /** Whether tensor cores can multiply it. */
  boolean fitsTensorCores() {
    return TensorCoreOperand.fits(dtype, isRounded);
  }

  /** Elements between neighbours along an axis. */
  Dim step(int axis) {
    return strides.steps().get(axis);
  }

  /**
   * Whether runs of {@code run} elements along axis {@code along} may be read at once, as far as
   * strides tell; the buffer's own alignment is another matter.
   */
  boolean hasRuns(int along, Dim extent, int run) {
    if (run == 1) {
      return true;
    }
    List<Dim> multiples = new ArrayList<>(strides.steps());
    multiples.set(along, Dim.ZERO);
    multiples.add(strides.offset());
    multiples.add(extent);
    return step(along).is(1) && multiples.stream().allMatch(d -> ColumnAccess.isMultiple(d, run));
  }

  /** The C++ expression of its first element. */
  String base(CudaParameters parameters) {
    return parameters.pointer(buffer) + " + " + parameters.spell(strides.offset());
  }

  /** Bytes of a run: what a border's pointer must be aligned to. */
  int bytes(int run) {
    return run * dtype.bytes();
  }
}
