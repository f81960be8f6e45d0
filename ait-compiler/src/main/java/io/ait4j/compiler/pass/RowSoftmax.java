package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.BinaryOp;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.ReduceOp;
import io.ait4j.compiler.ir.Stage;
import io.ait4j.compiler.ir.UnaryOp;
import io.ait4j.fx.Dim;
import java.util.List;
import java.util.Optional;

/**
 * A kernel that is a softmax of each row and nothing else: {@code exp(x - max(x)) / sum(exp(x -
 * max(x)))}, as a library's operator or as somebody wrote it out.
 *
 * @param scores the one load that x is, over the kernel's outer axes and {@code key}
 * @param key runs along the row
 * @param result the stage that stores, over the outer axes and {@code key}
 */
record RowSoftmax(Expr.Load scores, Dim.Symbol key, Stage result, List<Dim.Symbol> outer) {

  static Optional<RowSoftmax> of(Kernel kernel) {
    if (!(kernel instanceof LoopKernel loop) || loop.stages().size() != 4) {
      return Optional.empty();
    }
    Stage max = loop.stages().get(0);
    Stage exp = loop.stages().get(1);
    Stage sum = loop.stages().get(2);
    Stage quotient = loop.stages().get(3);
    if (!(max.body() instanceof Expr.Reduce top)
        || top.op() != ReduceOp.MAX
        || !(sum.body() instanceof Expr.Reduce total)
        || total.op() != ReduceOp.SUM
        || top.axes().size() != 1
        || total.axes().size() != 1
        || exp.axes().size() != 1
        || quotient.axes().size() != 1
        || !(top.body() instanceof Expr.Load scores)
        || !scores.bindings().isEmpty()) {
      return Optional.empty();
    }
    Dim.Symbol key = quotient.axes().getFirst();
    if (!key.extent().equals(top.axes().getFirst().extent())
        || !key.extent().equals(exp.axes().getFirst().extent())
        || !key.extent().equals(total.axes().getFirst().extent())) {
      return Optional.empty(); // something of a part of the row
    }
    Expr.Load x = along(scores, top.axes().getFirst(), key);
    Expr shifted =
        Expr.unary(
            UnaryOp.EXP,
            Expr.binary(
                BinaryOp.SUB,
                along(x, key, exp.axes().getFirst()),
                new Expr.Load(max.target(), x.dtype(), max.index())));
    Expr.Load e = new Expr.Load(exp.target(), x.dtype(), exp.index());
    boolean matches =
        exp.body().equals(shifted)
            && total.body().equals(along(e, exp.axes().getFirst(), total.axes().getFirst()))
            && quotient
                .body()
                .equals(
                    Expr.binary(
                        BinaryOp.DIV,
                        along(e, exp.axes().getFirst(), key),
                        new Expr.Load(sum.target(), x.dtype(), sum.index())));
    return matches ? Optional.of(new RowSoftmax(x, key, quotient, loop.outer())) : Optional.empty();
  }

  private static Expr.Load along(Expr.Load load, Dim.Symbol from, Dim.Symbol to) {
    return (Expr.Load) load.substitute(s -> s.equals(from) ? Dim.of(to) : null);
  }
}
