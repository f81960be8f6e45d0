package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Operand;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Sizes;
import io.ait4j.compiler.ir.Strides;
import io.ait4j.compiler.ir.Template;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Keys and values that are repeated for a group of query heads are read where they are: the kernel
 * knows groups.
 */
final class GroupHeads implements Pass {
  @Override
  public Program run(Program program) {
    return program.withKernels(
        program.kernels().stream()
            .map(
                kernel ->
                    kernel instanceof TemplateKernel template
                            && template.template() instanceof Template.Attention a
                            && a.heads().equals(a.kvHeads())
                        ? grouped(program, template, a)
                            .filter(k -> !k.readsTarget())
                            .orElse(template)
                        : kernel)
            .toList());
  }

  private static Optional<TemplateKernel> grouped(
      Program program, TemplateKernel kernel, Template.Attention a) {
    ReadThrough key = ReadThrough.of(program, kernel.operands().get(1));
    ReadThrough value = ReadThrough.of(program, kernel.operands().get(2));
    for (Dim group : groups(key.operand())) {
      Dim kvHeads = a.heads().floorDiv(group);
      if (!kvHeads.times(group).equals(a.heads()) || value.scale() != 1) {
        continue;
      }
      Optional<Operand> keys = shared(program, key.operand(), kvHeads, group);
      Optional<Operand> values = shared(program, value.operand(), kvHeads, group);
      if (keys.isPresent() && values.isPresent()) {
        List<Operand> operands = new ArrayList<>(kernel.operands());
        operands.set(1, keys.get());
        operands.set(2, values.get());
        Template.Attention template =
            new Template.Attention(
                a.batch(),
                a.heads(),
                kvHeads,
                a.queryLength(),
                a.keyLength(),
                a.headDim(),
                a.valueDim(),
                a.scale() * key.scale(),
                a.causal(),
                a.hiddenIsZero());
        Set<String> origins = new LinkedHashSet<>(key.origins());
        origins.addAll(value.origins());
        origins.addAll(kernel.origins());
        return Optional.of(
            new TemplateKernel(
                kernel.name(),
                template,
                operands,
                kernel.packed(),
                kernel.epilogue(),
                List.copyOf(origins)));
      }
    }
    return Optional.empty();
  }

  /** What the head is divided by anywhere in the operand's index. */
  private static Set<Dim> groups(Operand operand) {
    Set<Dim> found = new LinkedHashSet<>();
    Dim head = Dim.of(operand.axes().get(1));
    for (Expr.Load load : operand.value().loads()) {
      load.index()
          .forEach(
              d ->
                  d.forEachTerm(
                      (atoms, c) -> {
                        for (Dim.Atom atom : atoms) {
                          if (atom instanceof Dim.Apply(Dim.Op op, Dim left, Dim right)
                              && op == Dim.Op.FLOOR_DIV
                              && left.equals(head)
                              && Sizes.isFixed(right)) {
                            found.add(right);
                          }
                        }
                      }));
    }
    return found;
  }

  /** The operand over (batch, key head, row, column) if all heads of a group read the same. */
  private static Optional<Operand> shared(
      Program program, Operand operand, Dim kvHeads, Dim group) {
    Dim.Symbol head = operand.axes().get(1);
    Dim.Symbol outer = HeadSplit.axis(head.name() + "g", kvHeads);
    Dim.Symbol within = HeadSplit.axis(head.name() + "m", group);
    Dim both = Dim.of(outer).times(group).plus(Dim.of(within));
    Expr value = operand.value().substitute(s -> s.equals(head) ? both : null);
    boolean same =
        value.loads().stream()
            .flatMap(l -> l.index().stream())
            .noneMatch(d -> d.symbols().contains(within));
    List<Dim.Symbol> axes = new ArrayList<>(operand.axes());
    axes.set(1, outer);
    Operand result = new Operand(axes, value);
    return same && Strides.of(program, result).isPresent() ? Optional.of(result) : Optional.empty();
  }
}
