package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.codegen.CodeWriter;
import io.ait4j.compiler.codegen.Cpp;
import io.ait4j.compiler.codegen.ExprPrinter;
import io.ait4j.compiler.codegen.FlatStage;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Halves;
import io.ait4j.compiler.ir.Operand;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Strides;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.List;
import java.util.Optional;

/**
 * How a product reads one side: rows of A, or columns of B, by k. Either through strides, or by
 * evaluating an expression.
 */
final class GemmOperand {
  private static final int COPY_BYTES = 16; // by which all but the innermost dimension step

  private final Program program;
  private final Operand operand;
  private final Dim.Symbol batch;
  private final Dim.Symbol row;
  private final Dim.Symbol k;
  private final boolean isRounded; // to TF32, where tensor cores multiply
  private final Expr.Load load; // null: an expression
  private final Dim offset;
  private final Dim batchStep;
  private final Dim rowStep;
  private final Dim kStep;
  private final CudaParameters parameters;
  private final String base; // as the functions' texts spell it, and what follows
  private final String batchText;
  private final String rowText;
  private final String kText;

  private GemmOperand(Program program, Operand read, int rowAxis, CudaParameters parameters) {
    this.program = program;
    isRounded = TensorCoreOperand.isRounded(read);
    operand = TensorCoreOperand.unrounded(read);
    batch = operand.axes().get(0);
    row = operand.axes().get(rowAxis);
    k = operand.axes().get(3 - rowAxis);
    Expr value = operand.value();
    Expr stored =
        value instanceof Expr.Cast widened && Halves.isHalf(widened.operand().dtype())
            ? widened.operand()
            : value;
    Optional<Strides> strides = Strides.of(program, operand.withValue(stored));
    load = strides.isPresent() ? (Expr.Load) stored : null;
    offset = strides.map(Strides::offset).orElse(null);
    batchStep = strides.map(s -> s.steps().get(0)).orElse(null);
    rowStep = strides.map(s -> s.steps().get(rowAxis)).orElse(null);
    kStep = strides.map(s -> s.steps().get(3 - rowAxis)).orElse(null);
    this.parameters = parameters;
    if (load == null) {
      base = "";
      batchText = "1";
      rowText = "";
      kText = "";
    } else {
      base = parameters.pointer(load.buffer()) + " + " + parameters.spell(offset);
      batchText = parameters.spell(batchStep);
      rowText = parameters.spell(rowStep);
      kText = parameters.spell(kStep);
    }
  }

  /** The left one, over (batch, row, k). */
  static GemmOperand left(Program program, Operand operand, CudaParameters parameters) {
    return new GemmOperand(program, operand, 1, parameters);
  }

  /** The right one, over (batch, k, column). */
  static GemmOperand right(Program program, Operand operand, CudaParameters parameters) {
    return new GemmOperand(program, operand, 2, parameters);
  }

  boolean isStrided() {
    return load != null;
  }

  /** Whether tensor cores can multiply it: half numbers, or floats that may lose digits. */
  boolean fitsTensorCores() {
    return load != null && TensorCoreOperand.fits(load.dtype(), isRounded);
  }

  /** Type in memory; float32 of what is computed. */
  DType dtype() {
    return load == null ? DType.FLOAT32 : load.dtype();
  }

  /** Whether it was written before the run began. */
  boolean isConstant() {
    return load != null && program.buffer(load.buffer()).isConstant();
  }

  /** Whether neighbours along k lie side by side, or are evaluated one after another. */
  boolean alongK() {
    if (load != null) {
      return kStep.is(1);
    }
    int along = 0;
    for (Expr.Load read : FlatStage.flatten(program, operand.value()).loads()) {
      Dim address = read.index().getFirst();
      along += FlatStage.step(address, k) == 1 ? 1 : 0;
      along -= FlatStage.step(address, row) == 1 ? 1 : 0;
    }
    return along > 0;
  }

  /** Whether the copy engine may read it, as far as is known before a run. */
  boolean mayCopy() {
    return fitsTensorCores()
        && (kStep.is(1) || rowStep.is(1) && Halves.isHalf(load.dtype())) // transposed: halves only
        && mayStep(batchStep)
        && mayStep(outerStep());
  }

  /** Whether it can in every run. */
  boolean copies() {
    return mayCopy()
        && !parameters.isBorder(load.buffer())
        && steps(offset)
        && steps(batchStep)
        && (batchStep.min() >= 0 || batch.extent().is(1))
        && (steps(outerStep()) && outerStep().min() > 0 || outer().is(1));
  }

  private Dim outer() {
    return kStep.is(1) ? row.extent() : k.extent();
  }

  private Dim outerStep() {
    return kStep.is(1) ? rowStep : kStep;
  }

  private boolean mayStep(Dim step) {
    return !step.isConst() || steps(step);
  }

  private boolean steps(Dim step) {
    return ColumnAccess.isMultiple(step, COPY_BYTES / load.dtype().bytes());
  }

  /** The host's {@code GemmMatrix}, of an operand that {@link #mayCopy}. */
  String matrix() {
    return "{%s, ait::%s, %s, %s, %s}"
        .formatted(base, load.dtype(), kStep.is(1), batchText, kStep.is(1) ? rowText : kText);
  }

  /** What the host tells of the batch: 0 for the same matrix in all products. */
  String batchStep() {
    return batchText;
  }

  /** The device's operand in registers, of type {@link #type}. */
  String value() {
    return load == null
        ? "{{cx" + parameters.names() + "}}"
        : "(%s, %s, %s, %s)".formatted(base, batchText, rowText, kText);
  }

  /**
   * @param functor the struct that {@link #functor} prints
   */
  String type(String functor) {
    return load == null
        ? "ait::ComputedOperand<" + alongK() + ", " + functor + ">"
        : "ait::StridedOperand<%s, %s, %s>"
            .formatted(Cpp.memory(load.dtype()), alongK(), kStep.is(1) || rowStep.is(1));
  }

  /** The function of a struct that evaluates the expression at (b, r, k). */
  String functor() {
    CodeWriter out = new CodeWriter();
    ExprPrinter exprs = parameters.expressions(out);
    Expr value = FlatStage.flatten(program, operand.value());
    Places.of(value).bind(exprs, List.of(batch, row, k), List.of("b", "r", "k"));
    out.open("AIT_INLINE float operator()(int b, int r, int k) const");
    out.line("return " + exprs.print(value) + ";");
    out.close();
    return out.toString();
  }
}
