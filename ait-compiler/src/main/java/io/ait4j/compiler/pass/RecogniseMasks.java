package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.Operand;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Template;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Masks that the sizes alone decide: one that hides nothing is left out, and one that hides what
 * comes later becomes the end of the loop over keys, half of which are then never looked at (not
 * even for a NaN).
 */
final class RecogniseMasks implements Pass {
  /**
   * A mask, the same for all layers that have theirs alike.
   *
   * @param score over axes of common names
   * @param extents of these axes and of what the score sums over; symbols are equal by name alone
   */
  private record Mask(Expr score, List<Dim> extents) {
    static Mask of(Operand scores) {
      List<Dim> extents = new ArrayList<>();
      Map<Dim.Symbol, Dim> common = new HashMap<>();
      for (Dim.Symbol axis : scores.axes()) {
        common.put(axis, Dim.index("axis" + extents.size(), axis.extent()));
        extents.add(axis.extent());
      }
      scores
          .value()
          .forEach(
              e -> {
                if (e instanceof Expr.Reduce reduce) {
                  reduce.axes().forEach(axis -> extents.add(axis.extent()));
                }
              });
      return new Mask(scores.value().substitute(common::get), extents);
    }
  }

  @Override
  public Program run(Program program) {
    ConstantValues values = new ConstantValues(program);
    Map<Mask, MaskedKeys.Shows> found = new HashMap<>();
    return program.withKernels(
        program.kernels().stream()
            .map(
                kernel ->
                    kernel instanceof TemplateKernel template
                            && template.template() instanceof Template.Attention a
                            && template.operands().size() == 4
                        ? recognised(template, a, values, found)
                        : kernel)
            .toList());
  }

  private static Kernel recognised(
      TemplateKernel kernel,
      Template.Attention a,
      ConstantValues values,
      Map<Mask, MaskedKeys.Shows> found) {
    Operand scores = kernel.operands().get(3);
    if (!a.queryLength().isConst() || !a.keyLength().isConst()) {
      return kernel;
    }
    MaskedKeys.Shows shows =
        found.computeIfAbsent(
            Mask.of(scores), mask -> MaskedKeys.of(values, scores.value(), scores.axes()));
    if (shows == MaskedKeys.Shows.OTHER) {
      return kernel;
    }
    Template.Attention template =
        new Template.Attention(
            a.batch(),
            a.heads(),
            a.kvHeads(),
            a.queryLength(),
            a.keyLength(),
            a.headDim(),
            a.valueDim(),
            a.scale(),
            a.causal() || shows == MaskedKeys.Shows.PAST,
            a.hiddenIsZero());
    return kernel.withTemplate(template).withOperands(kernel.operands().subList(0, 3));
  }
}
