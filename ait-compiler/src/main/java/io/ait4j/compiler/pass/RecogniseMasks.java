package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.BinaryOp;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.Operand;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Template;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Masks that the sizes alone decide: one that hides nothing is left out, and one that hides what
 * comes later becomes the end of the loop over keys, half of which are then never looked at (not
 * even for a NaN).
 */
final class RecogniseMasks implements Pass {
  /** The lowest float32, which many write for minus infinity: any score added to it is lost. */
  private static final double LOWEST = -Float.MAX_VALUE;

  /** Which keys a query sees. */
  private enum Shows {
    ALL,
    PAST,
    OTHER
  }

  @Override
  public Program run(Program program) {
    ConstantValues values = new ConstantValues(program);
    Map<Expr, Shows> found = new HashMap<>();
    return program.withKernels(
        program.kernels().stream()
            .map(
                kernel ->
                    kernel instanceof TemplateKernel template
                            && template.template() instanceof Template.Attention a
                            && template.operands().size() == 4
                        ? recognised(template, a, values, found).orElse(kernel)
                        : kernel)
            .toList());
  }

  /** What is done to a score, if that is to add a mask to it or to replace it where one says so. */
  private static Optional<Expr> added(Expr score) {
    return switch (score) {
      case Expr.Binary(BinaryOp op, DType type, Expr left, Expr right)
          when op == BinaryOp.ADD && left instanceof Expr.Accumulator ->
          Optional.of(right);
      case Expr.Binary(BinaryOp op, DType type, Expr left, Expr right)
          when op == BinaryOp.ADD && right instanceof Expr.Accumulator ->
          Optional.of(left);
      case Expr.Select s
          when s.then() instanceof Expr.Accumulator && s.otherwise() instanceof Expr.Literal l ->
          Optional.of(Expr.select(s.condition(), Expr.literal(l.dtype(), 0.0), l));
      case Expr.Select s
          when s.otherwise() instanceof Expr.Accumulator && s.then() instanceof Expr.Literal l ->
          Optional.of(Expr.select(s.condition(), l, Expr.literal(l.dtype(), 0.0)));
      case Expr other -> Optional.empty();
    };
  }

  private static Optional<Kernel> recognised(
      TemplateKernel kernel, Template.Attention a, ConstantValues values, Map<Expr, Shows> found) {
    Operand scores = kernel.operands().get(3);
    Optional<Expr> mask = added(scores.value()).filter(e -> !e.hasAccumulator());
    if (mask.isEmpty()) {
      return Optional.empty();
    }
    Dim.Symbol query = scores.axes().get(2);
    Dim.Symbol key = scores.axes().get(3);
    Set<Dim.Symbol> mentioned = symbols(mask.get());
    mentioned.removeAll(Set.of(query, key));
    if (!mentioned.isEmpty() || !query.extent().isConst() || !key.extent().isConst()) {
      return Optional.empty();
    }
    Expr common =
        mask.get()
            .substitute(
                axis ->
                    axis.equals(query)
                        ? Dim.index("query", query.extent())
                        : axis.equals(key) ? Dim.index("key", key.extent()) : null);
    Shows shows =
        found.computeIfAbsent(
            common, e -> shows(mask.get(), query, key, values)); // layers share theirs
    if (shows == Shows.OTHER) {
      return Optional.empty();
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
            a.causal() || shows == Shows.PAST,
            a.hiddenIsZero());
    return Optional.of(kernel.withTemplate(template).withOperands(kernel.operands().subList(0, 3)));
  }

  private static Shows shows(Expr mask, Dim.Symbol query, Dim.Symbol key, ConstantValues values) {
    boolean all = true;
    boolean past = true;
    Map<String, Long> at = new HashMap<>();
    for (long i = 0; i < query.extent().value(); i++) {
      for (long j = 0; j < key.extent().value(); j++) {
        at.put(query.name(), i);
        at.put(key.name(), j);
        OptionalDouble value = values.of(mask, at);
        boolean shown = value.isPresent() && value.getAsDouble() == 0;
        boolean hidden = value.isPresent() && value.getAsDouble() <= LOWEST;
        all &= shown;
        past &= j <= i ? shown : hidden;
        if (!all && !past) {
          return Shows.OTHER;
        }
      }
    }
    return all ? Shows.ALL : Shows.PAST;
  }

  /** Those that say where an expression reads or what it computes. */
  private static Set<Dim.Symbol> symbols(Expr e) {
    Set<Dim.Symbol> symbols = new HashSet<>();
    Set<Dim.Symbol> bound = new HashSet<>();
    e.forEach(
        node -> {
          switch (node) {
            case Expr.Load load -> {
              load.index().forEach(d -> symbols.addAll(d.symbols()));
              bound.addAll(load.bindings().keySet());
            }
            case Expr.Index index -> symbols.addAll(index.value().symbols());
            case Expr.Reduce reduce -> bound.addAll(reduce.axes());
            case Expr other -> {}
          }
        });
    symbols.removeAll(bound);
    return symbols;
  }
}
