package io.ait4j.compiler.ir;

import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.HashSet;
import java.util.Set;

/** What is legal in the expressions of one kernel. */
final class ExprVerifier {
  private final Program program;
  private final String kernel;
  private final DType accumulator;

  /**
   * @param accumulator type of the sums that a template hands over, null where there are none
   */
  ExprVerifier(Program program, String kernel, DType accumulator) {
    this.program = program;
    this.kernel = kernel;
    this.accumulator = accumulator;
  }

  /** Throws {@link IllegalStateException} unless {@code expr} is legal where {@code scope} runs. */
  void verify(Expr expr, Set<Dim.Symbol> scope) {
    verify(expr, scope, false);
  }

  private void verify(Expr expr, Set<Dim.Symbol> scope, boolean reducing) {
    switch (expr) {
      case Expr.Literal literal -> {}
      case Expr.Accumulator sum ->
          require(sum.dtype() == accumulator, "an accumulator where no template hands one over");
      case Expr.Index index -> inScope(index.value(), scope);
      case Expr.Load load -> {
        Buffer buffer = program.buffer(load.buffer());
        require(
            load.dtype() == buffer.dtype(),
            "loads " + load.dtype() + " from " + buffer.name() + " of " + buffer.dtype());
        Set<Dim.Symbol> all = new HashSet<>(scope);
        load.bindings()
            .forEach(
                (symbol, value) -> {
                  require(value.dtype() == DType.INT64, "an index computed as " + value.dtype());
                  require(all.add(symbol), symbol.name() + " is bound, but an axis");
                  verify(value, scope, reducing);
                });
        Verifier.index(kernel, "loads from", buffer, load.index(), all);
      }
      case Expr.Unary u -> {
        DType result = u.op().isPredicate() ? DType.BOOL : u.operand().dtype();
        require(u.dtype() == result, u.op() + " of " + u.operand().dtype() + " is " + u.dtype());
        verify(u.operand(), scope, reducing);
      }
      case Expr.Binary b -> {
        DType result = b.op().isComparison() ? DType.BOOL : b.left().dtype();
        require(
            b.left().dtype() == b.right().dtype() && b.dtype() == result,
            b.op() + " of " + b.left().dtype() + " and " + b.right().dtype() + " is " + b.dtype());
        verify(b.left(), scope, reducing);
        verify(b.right(), scope, reducing);
      }
      case Expr.Select s -> {
        require(s.condition().dtype() == DType.BOOL, "a condition of " + s.condition().dtype());
        require(
            s.then().dtype() == s.otherwise().dtype(),
            "a choice of " + s.then().dtype() + " and " + s.otherwise().dtype());
        verify(s.condition(), scope, reducing);
        verify(s.then(), scope, reducing);
        verify(s.otherwise(), scope, reducing);
      }
      case Expr.Cast c -> {
        require(
            !Halves.isHalf(c.dtype()) && !Halves.isHalf(c.operand().dtype())
                || c.dtype() == DType.FLOAT32
                || c.operand().dtype() == DType.FLOAT32,
            "casts " + c.operand().dtype() + " to " + c.dtype() + " at once");
        verify(c.operand(), scope, reducing);
      }
      case Expr.Reduce r -> {
        require(!reducing, "a reduction directly in a reduction");
        Set<Dim.Symbol> all = new HashSet<>(scope);
        for (Dim.Symbol axis : r.axes()) {
          require(all.add(axis), "reduces over " + axis.name() + ", which is in use");
        }
        verify(r.body(), all, true);
      }
    }
  }

  private void inScope(Dim value, Set<Dim.Symbol> scope) {
    for (Dim.Symbol symbol : value.symbols()) {
      require(
          scope.contains(symbol) || symbol.extent() == null, symbol.name() + " is not in scope");
    }
  }

  private void require(boolean condition, String rule) {
    if (!condition) {
      throw new IllegalStateException(kernel + ": " + rule);
    }
  }
}
