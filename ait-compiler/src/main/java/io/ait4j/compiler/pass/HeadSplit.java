package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Operand;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Sizes;
import io.ait4j.compiler.ir.Stage;
import io.ait4j.compiler.ir.Strides;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The batch of products, {@code b}, as batch and heads: {@code b = batch * heads + head}.
 *
 * @param batch how many
 * @param heads of each
 */
record HeadSplit(Dim batch, Dim heads) {
  /** The ways in which the operands of two products divide their batch. */
  static List<HeadSplit> candidates(Program program, TemplateKernel... products) {
    Set<Dim> sizes = new LinkedHashSet<>();
    Dim all = products[0].operands().getFirst().axes().getFirst().extent();
    for (TemplateKernel product : products) {
      for (Operand operand : product.operands()) {
        Dim.Symbol b = operand.axes().getFirst();
        List<Expr> forms =
            List.of(operand.value(), ReadThrough.of(program, operand).operand().value());
        for (Expr form : forms) {
          form.loads().forEach(l -> l.index().forEach(d -> divisors(d, b, sizes)));
        }
      }
    }
    List<HeadSplit> splits = new ArrayList<>();
    for (Dim heads : sizes) {
      Dim batch = all.floorDiv(heads);
      if (batch.times(heads).equals(all)) {
        splits.add(new HeadSplit(batch, heads));
      }
    }
    splits.add(new HeadSplit(all, Dim.ONE));
    return splits;
  }

  /** What {@code b} is divided by anywhere in {@code index}. */
  private static void divisors(Dim index, Dim.Symbol b, Set<Dim> found) {
    index.forEachTerm(
        (atoms, c) -> {
          for (Dim.Atom atom : atoms) {
            if (atom instanceof Dim.Apply(Dim.Op op, Dim left, Dim right)) {
              if (left.equals(Dim.of(b)) && Sizes.isFixed(right)) {
                found.add(right);
              }
              divisors(left, b, found);
            }
          }
        });
  }

  /**
   * An operand over (b, row, column) over batch and heads; what its producers do on the way is read
   * through if strides can say it, scales included if {@code scales}. Empty if it is not strided.
   */
  Optional<ReadThrough> operand(Program program, Operand operand, boolean scales) {
    ReadThrough resolved = ReadThrough.of(program, operand);
    ReadThrough split =
        new ReadThrough(operand(resolved.operand()), resolved.scale(), resolved.origins());
    if ((scales || resolved.scale() == 1) && Strides.of(program, split.operand()).isPresent()) {
      return Optional.of(split);
    }
    ReadThrough plain = new ReadThrough(operand(operand), 1, List.of());
    return Strides.of(program, plain.operand()).isPresent() ? Optional.of(plain) : Optional.empty();
  }

  /** An operand over (b, row, column) over (batch, head, row, column). */
  Operand operand(Operand operand) {
    List<Dim.Symbol> axes = axes(operand.axes());
    return new Operand(axes, operand.value().substitute(with(operand.axes(), axes)));
  }

  Stage stage(Stage stage) {
    List<Dim.Symbol> axes = axes(stage.axes());
    return stage.reindex(axes, with(stage.axes(), axes));
  }

  private List<Dim.Symbol> axes(List<Dim.Symbol> old) {
    Dim.Symbol b = old.getFirst();
    return List.of(
        axis(b.name() + "b", batch), axis(b.name() + "h", heads), old.get(1), old.get(2));
  }

  static Dim.Symbol axis(String name, Dim extent) {
    long max = extent.max();
    return new Dim.Symbol(
        name, 0, max == Dim.UNBOUNDED ? Dim.UNBOUNDED : Math.max(0, max - 1), extent);
  }

  private Function<Dim.Symbol, Dim> with(List<Dim.Symbol> old, List<Dim.Symbol> axes) {
    Dim both = Dim.of(axes.get(0)).times(heads).plus(Dim.of(axes.get(1)));
    return s -> s.equals(old.getFirst()) ? both : null;
  }
}
