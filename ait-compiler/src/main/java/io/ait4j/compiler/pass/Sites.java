package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.FunctionKernel;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.Operand;
import io.ait4j.compiler.ir.PackKernel;
import io.ait4j.compiler.ir.Stage;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** The places of a kernel where expressions stand. */
final class Sites {
  private Sites() {}

  /**
   * Where an expression stands: the axes it is evaluated over, and for an operand of a template or
   * a function its position, else -1.
   */
  record Site(List<Dim.Symbol> axes, int operand) {
    /** How often it is evaluated. */
    Dim evaluations() {
      return Dim.product(axes.stream().map(Dim.Symbol::extent).toList());
    }
  }

  /** The kernel with every expression that {@code change} maps to another. */
  static Kernel map(Kernel kernel, BiFunction<Site, Expr, Expr> change) {
    return switch (kernel) {
      case LoopKernel loop -> {
        List<Stage> stages = new ArrayList<>();
        for (Stage stage : loop.stages()) {
          List<Dim.Symbol> axes = new ArrayList<>(loop.outer());
          axes.addAll(stage.axes());
          stages.add(stage.withBody(change.apply(new Site(axes, -1), stage.body())));
        }
        yield new LoopKernel(loop.name(), loop.outer(), stages, loop.origins());
      }
      case TemplateKernel template -> {
        List<Operand> operands = new ArrayList<>();
        for (int i = 0; i < template.operands().size(); i++) {
          Operand operand = template.operands().get(i);
          boolean replaced = i == 1 && !template.packed().isEmpty();
          operands.add(
              replaced
                  ? operand
                  : operand.withValue(change.apply(new Site(operand.axes(), i), operand.value())));
        }
        Stage epilogue = template.epilogue();
        yield template
            .withOperands(operands)
            .withEpilogue(
                epilogue.withBody(change.apply(new Site(epilogue.axes(), -1), epilogue.body())),
                template.origins());
      }
      case FunctionKernel function -> {
        List<Operand> operands = new ArrayList<>();
        for (Operand operand : function.operands()) {
          Site site = new Site(operand.axes(), operands.size());
          operands.add(operand.withValue(change.apply(site, operand.value())));
        }
        yield function.withOperands(operands);
      }
      case PackKernel pack ->
          new PackKernel(
              pack.name(),
              pack.template(),
              pack.operand()
                  .withValue(
                      change.apply(new Site(pack.operand().axes(), -1), pack.operand().value())),
              pack.target(),
              pack.origins());
    };
  }

  /** The kernel with {@code nodes} before its own origins. */
  static Kernel withOrigins(Kernel kernel, List<String> nodes) {
    List<String> all = new ArrayList<>(nodes);
    kernel.origins().stream().filter(o -> !nodes.contains(o)).forEach(all::add);
    return switch (kernel) {
      case LoopKernel loop -> new LoopKernel(loop.name(), loop.outer(), loop.stages(), all);
      case TemplateKernel template -> template.withEpilogue(template.epilogue(), all);
      case FunctionKernel function -> function.withOrigins(all);
      case PackKernel pack ->
          new PackKernel(pack.name(), pack.template(), pack.operand(), pack.target(), all);
    };
  }
}
