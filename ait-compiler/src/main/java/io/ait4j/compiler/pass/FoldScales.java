package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.BinaryOp;
import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.Operand;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Sizes;
import io.ait4j.compiler.ir.Stage;
import io.ait4j.compiler.ir.Template;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Batch normalisation into weights: where an epilogue begins with products and sums of the
 * accumulator and constants of the output column alone, the products move into the constant operand
 * and the sums become one constant. Both are computed when the library is built.
 */
final class FoldScales implements Pass {
  @Override
  public Program run(Program program) {
    Map<String, Buffer> buffers = new LinkedHashMap<>(program.buffers());
    List<Kernel> kernels = new ArrayList<>();
    for (Kernel kernel : program.kernels()) {
      if (kernel instanceof TemplateKernel template
          && !(template.template() instanceof Template.Attention)
          && hasConstantWeight(program, template)) {
        kernels.addAll(fold(program, template, buffers));
      } else {
        kernels.add(kernel);
      }
    }
    return new Program(buffers, kernels, program.inputs(), program.outputs(), program.symbols());
  }

  static boolean hasConstantWeight(Program program, TemplateKernel kernel) {
    return kernel.packed().isEmpty()
        && Sizes.isStatic(kernel.operands().get(1))
        && kernel.operands().get(1).value().loads().stream()
            .allMatch(l -> program.buffer(l.buffer()).isConstant());
  }

  /** {@code whole == accumulator * scale + shift}; scale is null for 1, shift is null for 0. */
  private record Affine(Expr whole, Expr scale, Expr shift) {}

  private static List<Kernel> fold(
      Program program, TemplateKernel kernel, Map<String, Buffer> buffers) {
    Dim.Symbol column = kernel.epilogue().axes().getLast();
    Affine affine = longest(program, kernel.epilogue().body(), column);
    if (affine == null || affine.scale == null) {
      return List.of(kernel);
    }
    List<Kernel> result = new ArrayList<>();
    Expr replacement = new Expr.Accumulator(DType.FLOAT32);
    if (affine.shift != null) {
      Buffer shift =
          Buffer.temp(kernel.name() + "_shift", DType.FLOAT32, List.of(column.extent()))
              .withRole(Buffer.Role.FOLDED);
      buffers.put(shift.name(), shift);
      result.add(
          new LoopKernel(
              kernel.name() + "_fold",
              List.of(),
              List.of(
                  new Stage(List.of(column), shift.name(), List.of(Dim.of(column)), affine.shift)),
              kernel.origins()));
      replacement =
          Expr.binary(
              BinaryOp.ADD,
              replacement,
              new Expr.Load(shift.name(), DType.FLOAT32, List.of(Dim.of(column))));
    }
    Expr put = replacement;
    Expr body = kernel.epilogue().body().rewrite(e -> e == affine.whole ? put : e);
    Operand weight = kernel.operands().get(1);
    Dim.Symbol weightColumn =
        kernel.template() instanceof Template.Conv
            ? weight.axes().getFirst()
            : weight.axes().getLast();
    Expr scale = affine.scale.substitute(s -> s.equals(column) ? Dim.of(weightColumn) : null);
    List<Operand> operands = new ArrayList<>(kernel.operands());
    operands.set(1, weight.withValue(Expr.binary(BinaryOp.MUL, weight.value(), scale)));
    result.add(
        kernel
            .withOperands(operands)
            .withEpilogue(kernel.epilogue().withBody(body), kernel.origins()));
    return result;
  }

  /**
   * The largest part of {@code body} that is affine in the accumulator, if the accumulator stands
   * in it once.
   */
  private static Affine longest(Program program, Expr body, Dim.Symbol column) {
    int[] uses = {0};
    countUses(body, uses);
    if (uses[0] != 1) {
      return null;
    }
    Affine[] best = {null};
    affine(program, body, column, best);
    return best[0];
  }

  /** How often the accumulator would be evaluated, shared subtrees counted each time. */
  private static void countUses(Expr e, int[] uses) {
    if (uses[0] > 1) {
      return;
    }
    switch (e) {
      case Expr.Accumulator a -> uses[0]++;
      case Expr.Unary u -> countUses(u.operand(), uses);
      case Expr.Binary b -> {
        countUses(b.left(), uses);
        countUses(b.right(), uses);
      }
      case Expr.Select s -> {
        countUses(s.condition(), uses);
        countUses(s.then(), uses);
        countUses(s.otherwise(), uses);
      }
      case Expr.Cast c -> countUses(c.operand(), uses);
      case Expr.Reduce r -> countUses(r.body(), uses);
      case Expr leaf -> {}
    }
  }

  private static Affine affine(Program program, Expr e, Dim.Symbol column, Affine[] best) {
    Affine result =
        switch (e) {
          case Expr.Accumulator a -> new Affine(a, null, null);
          case Expr.Binary b -> {
            Affine left = affine(program, b.left(), column, best);
            Affine right = left == null ? affine(program, b.right(), column, best) : null;
            Affine inner = left == null ? right : left;
            Expr other = left == null ? b.left() : b.right();
            if (inner == null
                || b.dtype() != DType.FLOAT32
                || !isColumnConstant(program, other, column)) {
              yield null;
            }
            yield switch (b.op()) {
              case MUL ->
                  new Affine(
                      b,
                      times(inner.scale, other),
                      inner.shift == null ? null : Expr.binary(BinaryOp.MUL, inner.shift, other));
              case ADD ->
                  new Affine(
                      b,
                      inner.scale,
                      inner.shift == null ? other : Expr.binary(BinaryOp.ADD, inner.shift, other));
              case SUB ->
                  left == null
                      ? null
                      : new Affine(
                          b,
                          inner.scale,
                          inner.shift == null
                              ? Expr.unary(io.ait4j.compiler.ir.UnaryOp.NEG, other)
                              : Expr.binary(BinaryOp.SUB, inner.shift, other));
              case io.ait4j.compiler.ir.BinaryOp op -> null;
            };
          }
          case Expr.Unary u -> {
            affine(program, u.operand(), column, best);
            yield null;
          }
          case Expr.Select s -> {
            affine(program, s.condition(), column, best);
            affine(program, s.then(), column, best);
            affine(program, s.otherwise(), column, best);
            yield null;
          }
          case Expr.Cast c -> {
            affine(program, c.operand(), column, best);
            yield null;
          }
          case Expr leaf -> null;
        };
    if (result != null) {
      best[0] = result;
    }
    return result;
  }

  private static Expr times(Expr scale, Expr factor) {
    return scale == null ? factor : Expr.binary(BinaryOp.MUL, scale, factor);
  }

  private static boolean isColumnConstant(Program program, Expr e, Dim.Symbol column) {
    boolean[] ok = {true};
    e.forEach(
        x -> {
          if (x instanceof Expr.Load load) {
            ok[0] &=
                program.buffer(load.buffer()).isConstant()
                    && load.bindings().isEmpty()
                    && load.index().stream()
                        .allMatch(d -> d.symbols().stream().allMatch(column::equals));
          } else if (x instanceof Expr.Index
              || x instanceof Expr.Accumulator
              || x instanceof Expr.Reduce) {
            ok[0] = false;
          }
        });
    return ok[0];
  }
}
